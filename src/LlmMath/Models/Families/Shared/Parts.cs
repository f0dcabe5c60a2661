namespace LlmMath.Families;

/// <summary>A feed-forward layer and its tensors; their names are relative to the block.</summary>
internal sealed record FeedForwardParts(FeedForward Kind, IEnumerable<Tensor> Tensors);
