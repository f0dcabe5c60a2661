using LlmMath.Architectures;

namespace LlmMath.Models.Families;

/// <summary>A sequence mixer and its tensors; their names are relative to the block.</summary>
internal sealed record MixerParts(SequenceMixer Kind, IEnumerable<Tensor> Tensors);

/// <summary>A feed-forward layer and its tensors; their names are relative to the block.</summary>
internal sealed record FeedForwardParts(FeedForward Kind, IEnumerable<Tensor> Tensors);

/// <summary>What one kind of block is made of; its tensors' names are relative to the block.</summary>
internal sealed record BlockParts(
    IEnumerable<SequenceMixer> Mixers, IEnumerable<FeedForward> FeedForwards, IEnumerable<Tensor> Tensors)
{
    /// <summary>Residual streams that are mixed before and after each part; 0 where there is one.</summary>
    public long Streams { get; init; }

    public BlockParts(SequenceMixer mixer, FeedForward feedForward, IEnumerable<Tensor> tensors)
        : this([mixer], [feedForward], tensors)
    {
    }
}
