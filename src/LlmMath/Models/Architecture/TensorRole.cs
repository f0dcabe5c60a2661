namespace LlmMath.Architectures;

/// <summary>What a tensor is for; a count by role is what <c>components</c> lists.</summary>
public enum TensorRole
{
    /// <summary>Token embedding, read one row a token.</summary>
    Embedding,

    /// <summary>Learned position embedding, or a relative position bias.</summary>
    Position,

    /// <summary>Projection between the embedding's width and the blocks' width, or an adapter between blocks.</summary>
    Projection,

    /// <summary>Attention projections, their biases, and attention sinks.</summary>
    Attention,

    /// <summary>Weights of a recurrent mixer: state space, convolution, linear attention, RWKV time mixing.</summary>
    State,

    /// <summary>A dense feed-forward layer.</summary>
    FeedForward,

    /// <summary>Routed experts of a mixture: a token uses only some of them.</summary>
    Expert,

    /// <summary>Experts that every token uses, and their gate.</summary>
    SharedExpert,

    /// <summary>The layer that chooses experts, with its correction bias.</summary>
    Router,

    /// <summary>Normalization weights and biases.</summary>
    Norm,

    /// <summary>The output head (unembedding).</summary>
    Head,
}
