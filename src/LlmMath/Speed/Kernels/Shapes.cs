using LlmMath.Engines.Kernels;

namespace LlmMath.Speed.Kernels;

/// <summary>Which keys attention reads, and how they are kept.</summary>
internal enum AttentionKind
{
    /// <summary>Every key, or those of a window; a head's own or a group's. Projections not included.</summary>
    Grouped,

    /// <summary>Latent attention (MLA). Projections not included.</summary>
    Latent,

    /// <summary>DeepSeek sparse attention (V3.2, GLM-5): 2,048 keys that an indexer chooses. The indexer is included, projections
    /// are not; so in those below.</summary>
    Dsa,

    /// <summary>DeepSeek-V4's compressed sparse attention.</summary>
    Csa,

    /// <summary>DeepSeek-V4's heavily compressed attention.</summary>
    Hca,

    /// <summary>MiniMax-M3's sparse attention.</summary>
    Msa,
}

/// <summary>Attention of one layer on one GPU.</summary>
/// <param name="Kind">Which keys it reads.</param>
/// <param name="Heads">Query heads on this GPU.</param>
/// <param name="KvHeads">Heads of keys and values on this GPU; 1 where all share.</param>
/// <param name="HeadDim">Width of a head.</param>
/// <param name="Window">Keys that a query may see, 0 for all.</param>
/// <param name="CacheBits">Bits of a cached number: 16 or 8.</param>
/// <param name="EntryTokens">Tokens of an entry that sparse attention reads beside the window.</param>
/// <param name="Entries">The most entries that it reads; 0 for all.</param>
internal readonly record struct AttentionShape(
    AttentionKind Kind, double Heads, double KvHeads, double HeadDim, double Window = 0,
    int CacheBits = 16, double EntryTokens = 1, double Entries = 0)
{
    /// <summary>Keys that sparse attention reads for a token on average, of so many new ones after a context.</summary>
    public double SparseKeys(double tokens, double context) =>
        (Window > 0 ? DeviceKernels.AverageKeys(tokens, context, Window) : 0)
            + (DeviceKernels.AverageKeys(tokens, context, Entries * EntryTokens) / EntryTokens);
}

/// <summary>Kinds of layers whose memory does not grow.</summary>
internal enum RecurrentKind
{
    /// <summary>Gated delta rule, as Qwen3.5 has it.</summary>
    GatedDelta,

    /// <summary>Kimi delta attention.</summary>
    Kda,

    /// <summary>Mamba-2.</summary>
    Mamba2,
}

/// <summary>A recurrent layer on one GPU. Its projections are matrix products of their own.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Heads">Value heads on this GPU.</param>
/// <param name="HeadDim">Width of a head's values.</param>
/// <param name="StateDim">Width of a head's keys: the other side of its state.</param>
/// <param name="Channels">Channels of the short convolution on this GPU.</param>
internal readonly record struct RecurrentShape(
    RecurrentKind Kind, double Heads, double HeadDim, double StateDim, double Channels);

/// <summary>The experts of a layer on one GPU.</summary>
/// <param name="Hidden">Width of a token.</param>
/// <param name="Inner">Width inside an expert, this GPU's part of it.</param>
/// <param name="Experts">Experts that this GPU holds.</param>
/// <param name="AllExperts">Experts of the layer.</param>
/// <param name="PerToken">Experts that a token is sent to.</param>
/// <param name="Format">How weights are held.</param>
internal readonly record struct ExpertShape(double Hidden, double Inner, double Experts, double AllExperts, double PerToken,
    KernelFormat Format);
