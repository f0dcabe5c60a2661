using System.ComponentModel;

namespace LlmMath.Engines;

/// <summary>An engine on one generation of hardware.</summary>
public sealed record EngineGeneration
{
    /// <summary>The hardware's architecture as <see cref="Gpu.Architecture"/> names it; <c>any</c> for the bound.</summary>
    public required string Architecture { get; init; }

    /// <summary>Who makes it, as <see cref="Gpu.Vendor"/> names it: hardware that is not listed borrows from its own
    /// vendor's.</summary>
    public required string Vendor { get; init; }

    /// <summary>Entries of the GPU catalog whose measurements are among the rows.</summary>
    public ValueList<string> Gpus { get; init; } = [];

    /// <summary>Rows it was fitted on; 0 where it is borrowed.</summary>
    public int Rows { get; init; }

    /// <summary>What the rows are, in words.</summary>
    public required string FittedOn { get; init; }

    /// <summary>What it reaches.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public required EngineConstants Constants { get; init; }

    /// <summary>Measured ÷ expected time to the first token on rows left out of the fit: the 10th percentile, and the
    /// 90th.</summary>
    public required Spread FirstToken { get; init; }

    /// <summary>Measured ÷ expected time between tokens on rows left out of the fit: the 10th percentile, and the 90th.</summary>
    public required Spread InterToken { get; init; }
}
