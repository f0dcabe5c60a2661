using System.Diagnostics;

namespace LlmMath.Architectures;

/// <summary>One kind of block and the layers at which it stands. Layers alike share one block, so that a fold over a model
/// touches a handful of blocks, whatever its depth.</summary>
[DebuggerDisplay("{Layers.Count} layers: {Mixers.Count} mixers, {FeedForwards.Count} feed-forwards, {Tensors.Count} tensors")]
public sealed record Block
{
    /// <summary>Layer numbers of this block, ascending, as they stand in the checkpoint's names.</summary>
    public required ValueList<int> Layers { get; init; }

    /// <summary>The sequence mixers: attention or recurrent; none in a block of feed-forward alone, two where they run side by
    /// side.</summary>
    public required ValueList<SequenceMixer> Mixers { get; init; }

    /// <summary>The feed-forward layers; none in a block of a mixer alone.</summary>
    public required ValueList<FeedForward> FeedForwards { get; init; }

    /// <summary>Every tensor of the block, with <c>{layer}</c> in its name.</summary>
    public required ValueList<Tensor> Tensors { get; init; }

    /// <summary>Whether it belongs to an encoder that runs once over the prompt (T5), not to the decoder.</summary>
    public bool IsEncoder { get; init; }

    /// <summary>Residual streams that are mixed before and after each part by functions of all of them (hyper-connections); 0
    /// where there is one, or where engines' kernels for it were not timed.</summary>
    internal long Streams { get; init; }
}
