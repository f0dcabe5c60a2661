namespace LlmMath.Training;

/// <summary>How a model is trained or adapted.</summary>
public enum TrainingMethod
{
    /// <summary>All parameters, from nothing.</summary>
    Pretrain,

    /// <summary>All parameters, from a checkpoint.</summary>
    Full,

    /// <summary>An adapter over frozen weights.</summary>
    Lora,

    /// <summary>An adapter over frozen quantized weights.</summary>
    QLora,
}

/// <summary>What of the forward pass is thrown away, and computed again on the way back.</summary>
public enum Recomputation
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Attention's scores and what is made of them. Source: Korthikanti et al., arXiv:2205.05198, section 5.</summary>
    Selective,

    /// <summary>All but attention's output and every second matrix product (selective activation checkpointing by operator).
    /// Source: github:pytorch/torchtitan@b5bcd76c6, torchtitan/models/llama/parallelize_llama.py,
    /// <c>_apply_ac_to_transformer_block</c>.</summary>
    ByOperator,

    /// <summary>All of a layer but its input (activation or gradient checkpointing).</summary>
    Full,
}

/// <summary>How attention is computed in training.</summary>
public enum AttentionKernel
{
    /// <summary>In one kernel that never writes the scores (flash attention, SDPA's fused kernels).</summary>
    Flash,

    /// <summary>Step by step: the scores of every pair of tokens are written.</summary>
    Eager,
}

/// <summary>How the loss of a token is computed from its logits.</summary>
public enum LossKernel
{
    /// <summary>All logits are there at once.</summary>
    Plain,

    /// <summary>The head and the loss run over an eighth of the tokens at a time.</summary>
    Chunked,

    /// <summary>Head and loss are one kernel, which keeps no logits (Liger, cut cross-entropy).</summary>
    Fused,
}

/// <summary>What lies in the host's memory, not on the GPU.</summary>
[Flags]
public enum Offload
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The optimizer's state, the master weights among it.</summary>
    Optimizer = 1,

    /// <summary>Parameters, of which the layers at work are copied to the GPU.</summary>
    Parameters = 2,

    /// <summary>What checkpointing keeps of each layer.</summary>
    Activations = 4,
}
