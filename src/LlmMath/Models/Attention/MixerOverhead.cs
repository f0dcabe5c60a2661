namespace LlmMath.Architectures;

/// <summary>Time that engines were measured to take for a layer of some kinds beyond what every layer takes: launches of its own,
/// copies, waiting.</summary>
[Flags]
public enum MixerOverhead
{
    /// <summary>None: attention as most models have it.</summary>
    None = 0,

    /// <summary>That of a compressed cache.</summary>
    Latent = 1,

    /// <summary>That of an indexer that picks the tokens to attend to.</summary>
    Indexer = 2,

    /// <summary>That of a recurrent state or a convolution.</summary>
    Recurrent = 4,

    /// <summary>Not known: no engine was measured with such layers, and only the bound of the hardware can be told.</summary>
    Unmeasured = 8,
}
