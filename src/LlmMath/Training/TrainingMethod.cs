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

    /// <summary>A chosen and a rejected answer to each prompt, against a reference model (direct preference optimization).
    /// Source: Rafailov et al., arXiv:2305.18290.</summary>
    Dpo,

    /// <summary>As <see cref="Dpo"/>, with a loss that does not run away. Source: Azar et al., arXiv:2310.12036.</summary>
    Ipo,

    /// <summary>Single answers marked good or bad, against a reference model; mismatched pairs of prompt and answer are passed
    /// forward beside. Source: Ethayarajh et al., arXiv:2402.01306.</summary>
    Kto,

    /// <summary>Pairs without a reference model, the chosen answer's own loss beside. Source: Hong et al.,
    /// arXiv:2403.07691.</summary>
    Orpo,

    /// <summary>Pairs without a reference model. Source: Meng et al., arXiv:2405.14734.</summary>
    SimPo,

    /// <summary>A reward model: pairs, and one score in place of the vocabulary.</summary>
    Reward,

    /// <summary>Reinforcement learning with a critic: policy, reference, reward, critic. Source: Schulman et al.,
    /// arXiv:1707.06347; Ouyang et al., arXiv:2203.02155.</summary>
    Ppo,

    /// <summary>Reinforcement learning by groups of answers, without a critic. Source: Shao et al., arXiv:2402.03300.</summary>
    Grpo,
}

/// <summary>Where the log-probabilities come from that a policy is held to.</summary>
public enum ReferenceModel
{
    /// <summary>Nowhere: nothing holds the policy.</summary>
    None,

    /// <summary>A frozen copy of the model that is kept beside.</summary>
    Kept,

    /// <summary>The model itself with its adapter switched off.</summary>
    AdapterOff,

    /// <summary>A pass over all examples before training, whose results are kept.</summary>
    Precomputed,
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

/// <summary>What lies in the host's memory or on its drives, not on the GPU.</summary>
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

    /// <summary>The optimizer's state and parameters, where they are offloaded, lie on the machine's NVMe drives.</summary>
    Nvme = 8,
}
