using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>Constants that checkpoints hold beside the parameters; the reference computes them and mostly no longer loads
/// them.</summary>
internal static class StoredBuffers
{
    /// <summary>A triangle of ones for each attention: [1, 1, positions, positions].</summary>
    public static Addition CausalMasks(string name, ValueList<int> layers, long positions) =>
        new(PartKind.Other, "causal masks", layers,
            [Plain(name, TensorRole.Attention, 1, 1, positions, positions) with { IsPerLayer = true }]);

    /// <summary>Rotary frequencies, one for each pair of elements rotated; nothing where none are.</summary>
    /// <param name="name">Their name, with <c>{layer}</c> where layers store them.</param>
    /// <param name="layers">The layers that store them; empty where they are stored once.</param>
    /// <param name="rotated">Elements of a head that are rotated.</param>
    public static ValueList<Addition> RotaryFrequencies(string name, ValueList<int> layers, long rotated) => rotated == 0
        ? []
        : [new(PartKind.Other, "rotary frequencies", layers,
            [Plain(name, TensorRole.Position, (rotated + 1) / 2) with { IsPerLayer = layers.Count > 0 }])];
}
