using LlmMath.Architectures;

namespace LlmMath.Models;

/// <summary>The checkpoint tensors of one kind at one layer, one for each expert: a config may ask for billions, so that they are
/// counted together and enumerated only as far as somebody looks.</summary>
/// <param name="Kind">What they are.</param>
/// <param name="Layer">The layer; null for a tensor outside the layers.</param>
internal readonly record struct TensorRun(Tensor Kind, int? Layer)
{
    /// <summary>How many there are, 1 or more.</summary>
    public long Count => Kind.Copies;

    /// <summary>The name, with <c>{expert}</c> where it holds it.</summary>
    public string Name => Layer is { } layer ? TensorNames.Put(Kind.Name, TensorNames.Layer, layer) : Kind.Name;

    /// <summary>The tensor of an expert; of a name without <c>{expert}</c> the one there is.</summary>
    /// <param name="expert">0 to <see cref="Count"/> − 1.</param>
    public CheckpointTensor At(long expert) =>
        new(Kind.IsPerExpert ? TensorNames.Put(Name, TensorNames.Expert, expert) : Name, Kind);

    /// <summary>All of them, one by one.</summary>
    public IEnumerable<CheckpointTensor> Tensors()
    {
        (string name, long count, bool isPerExpert) = (Name, Count, Kind.IsPerExpert);
        for (long expert = 0; expert < count; expert++)
        {
            yield return new CheckpointTensor(isPerExpert ? TensorNames.Put(name, TensorNames.Expert, expert) : name, Kind);
        }
    }
}
