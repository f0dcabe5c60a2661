namespace LlmMath;

/// <summary>What takes most of the time between tokens.</summary>
public enum Bottleneck
{
    /// <summary>Reading weights.</summary>
    WeightBandwidth,

    /// <summary>Reading the cache.</summary>
    CacheBandwidth,

    /// <summary>Matrix products.</summary>
    Compute,

    /// <summary>Attention's products.</summary>
    Attention,

    /// <summary>Collectives between GPUs.</summary>
    Communication,

    /// <summary>Launching kernels, scheduling and sampling.</summary>
    Overhead,

    /// <summary>Reading other requests' prompts between one's tokens.</summary>
    InterleavedPrefill,

    /// <summary>Moving what enters and leaves the matrices.</summary>
    ActivationBandwidth,
}
