using static LlmMath.Families.TensorLists;

namespace LlmMath.Families;

/// <summary>Constants that older versions wrote into checkpoints beside the parameters; the reference no longer loads
/// them.</summary>
internal static class StoredBuffers
{
    /// <summary>A triangle of ones for each attention: [1, 1, positions, positions].</summary>
    public static Addition CausalMasks(string name, ValueList<int> layers, long positions) =>
        new("causal masks", layers, [Plain(name, TensorRole.Attention, 1, 1, positions, positions)]);

    /// <summary>Rotary frequencies, one for each pair of rotated dimensions.</summary>
    public static Addition RotaryFrequencies(string name, ValueList<int> layers, long rotatedDimensions) =>
        new("rotary frequencies", layers, [Plain(name, TensorRole.Position, (rotatedDimensions + 1) / 2)]);
}
