namespace LlmMath.Engines;

/// <summary>What an engine takes of each GPU whatever the model. Ranges are what was seen.</summary>
public sealed record ReservePolicy
{
    /// <summary>CUDA context, kernels' workspaces and allocator slack on each GPU.</summary>
    public ByteRange Runtime { get; init; }

    /// <summary>Communication buffers on each GPU, where there are several.</summary>
    public ByteRange Communication { get; init; }

    /// <summary>Captured graphs on each GPU; they lie beside the engine's share of the memory.</summary>
    public ByteRange Graphs { get; init; }
}
