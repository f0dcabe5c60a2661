namespace LlmMath.Engines.Kernels;

/// <summary>What a kernel does. Each has its own axes, bytes and operations.</summary>
internal enum KernelOperator
{
    /// <summary>A matrix product of tokens with a weight of out × in.</summary>
    Product,

    /// <summary>Rounding activations to the weights' format.</summary>
    Rounding,

    /// <summary>Attention of new tokens over themselves and what is cached, heads with keys of their own or
    /// grouped.</summary>
    Prefill,

    /// <summary>Attention of one new token a sequence over what is cached.</summary>
    Decode,

    /// <summary>Latent attention (MLA) of new tokens, keys and values unpacked.</summary>
    PrefillLatent,

    /// <summary>Latent attention (MLA) of one new token a sequence, keys left packed.</summary>
    DecodeLatent,

    /// <summary>Sparse attention of new tokens with its choice of keys and all else but its projections.</summary>
    PrefillSparse,

    /// <summary>Sparse attention of one new token a sequence with its choice of keys and all else but its projections.</summary>
    DecodeSparse,

    /// <summary>A linear attention or a state space over new tokens: one kernel of the layer.</summary>
    PrefillRecurrent,

    /// <summary>A linear attention or a state space, one token a sequence: one kernel of the layer.</summary>
    DecodeRecurrent,

    /// <summary>The gated feed-forward of the experts that a GPU holds.</summary>
    Experts,

    /// <summary>Mixing several residual streams before and after both parts of a layer (hyper-connections).</summary>
    Streams,

    /// <summary>Sum over GPUs, the whole to each.</summary>
    AllReduce,

    /// <summary>Each GPU's part to all.</summary>
    AllGather,

    /// <summary>Sum over GPUs, to each its part.</summary>
    ReduceScatter,

    /// <summary>From each GPU to each a part of its own.</summary>
    AllToAll,
}
