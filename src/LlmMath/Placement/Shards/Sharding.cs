namespace LlmMath.Training;

/// <summary>What of a training run's state the replicas share out among them. Source: Rajbhandari et al., arXiv:1910.02054,
/// section 5.</summary>
public enum Sharding
{
    /// <summary>Nothing: every replica holds all of it.</summary>
    None,

    /// <summary>The optimizer's state: ZeRO 1, Megatron's distributed optimizer.</summary>
    Zero1,

    /// <summary>Gradients too: ZeRO 2, PyTorch's SHARD_GRAD_OP.</summary>
    Zero2,

    /// <summary>Parameters too: ZeRO 3, PyTorch's FULL_SHARD (FSDP).</summary>
    Zero3,
}
