namespace LlmMath.Engines;

/// <summary>What an engine takes beside weights and cache. Each figure was read in the engine's sources or fitted to published
/// measurements (<c>catalog/evidence/memory.csv</c>).</summary>
public sealed record EngineMemory
{
    /// <summary>What it takes of each GPU whatever the model.</summary>
    public ReservePolicy Reserve { get; init; } = new();

    /// <summary>What its buffers take for each token and element.</summary>
    public BufferPolicy Buffers { get; init; } = new();

    /// <summary>Whether activations and runtime were fitted to measurements; otherwise they are guessed from other
    /// engines.</summary>
    public bool IsMeasured { get; init; } = true;

    /// <summary>Measured ÷ estimated totals: the 10th percentile, and the 90th.</summary>
    public Spread Spread { get; init; } = new(1, 1);

    /// <summary>Where the figures come from.</summary>
    public ValueList<string> Sources { get; init; } = [];
}
