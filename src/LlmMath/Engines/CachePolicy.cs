namespace LlmMath.Engines;

/// <summary>How an engine lays out cached keys, values and states.</summary>
public sealed record CachePolicy
{
    /// <summary>Tokens in a page, 1 or more; a sequence takes whole pages.</summary>
    public int PageTokens { get; init; } = 1;

    /// <summary>What layers with a window keep.</summary>
    public WindowUse Windows { get; init; }

    /// <summary>Bytes of an element of recurrent states that the model does not keep in float32, 1 or more.</summary>
    public int StateBytes { get; init; } = 2;

    /// <summary>Bytes of an element of a convolution's past inputs, 1 or more.</summary>
    public int ConvolutionBytes { get; init; } = 2;

    /// <summary>Whether it packs what sparse latent attention caches: the indexer's keys always in 8 bits with scales, the
    /// compressed vector with them where 8 bits were asked for.</summary>
    public bool PacksSparse { get; init; }
}

/// <summary>What an engine keeps of layers that attend to a window.</summary>
public enum WindowUse
{
    /// <summary>The whole context: windows are not used.</summary>
    None,

    /// <summary>The window.</summary>
    Exact,

    /// <summary>The window, and as many tokens as a pass has.</summary>
    WithPass,
}
