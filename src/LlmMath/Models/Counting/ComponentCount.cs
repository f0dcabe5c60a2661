using LlmMath.Architectures;

namespace LlmMath;

/// <summary>The parameters of one component of a model.</summary>
/// <param name="Role">The component.</param>
/// <param name="Parameters">Its parameters, 1 or more.</param>
public sealed record ComponentCount(TensorRole Role, long Parameters)
{
    /// <summary>The component's name in lower case with hyphens: <c>feed-forward</c>.</summary>
    public string Name => Role switch
    {
        TensorRole.Embedding => "embedding",
        TensorRole.Position => "position",
        TensorRole.Projection => "projection",
        TensorRole.Attention => "attention",
        TensorRole.State => "state",
        TensorRole.FeedForward => "feed-forward",
        TensorRole.Expert => "experts",
        TensorRole.SharedExpert => "shared-experts",
        TensorRole.Router => "router",
        TensorRole.Norm => "norm",
        _ => "head",
    };
}
