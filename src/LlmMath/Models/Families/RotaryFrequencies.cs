using static LlmMath.Families.TensorLists;

namespace LlmMath.Families;

/// <summary>The frequencies of rotary positions: computed, not learned, yet stored by some checkpoints as a buffer.</summary>
internal static class RotaryFrequencies
{
    /// <summary>The buffer, one frequency for each pair of elements rotated; nothing where none are.</summary>
    /// <param name="name">Its name, with <c>{layer}</c> where each layer stores it.</param>
    /// <param name="layers">The layers that store it; empty where it is stored once.</param>
    /// <param name="rotated">Elements of a head that are rotated.</param>
    public static ValueList<Addition> Of(string name, ValueList<int> layers, long rotated) => rotated < 2
        ? []
        : [new("rotary frequencies", layers, [Plain(name, TensorRole.Position, rotated / 2)])];
}
