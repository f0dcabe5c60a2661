using LlmMath.Basics;

namespace LlmMath.Engines;

/// <summary>What an engine does differently on some GPUs. A value that is null is as elsewhere.</summary>
public sealed record EngineOnGpu
{
    /// <summary>Which GPUs.</summary>
    public required GpuCondition Gpu { get; init; }

    /// <summary>The most tokens of one forward pass there, 1 or more.</summary>
    public int? PassTokens { get; init; }

    /// <summary>Rows of logits of its trial run there, 0 or more.</summary>
    public int? FixedLogitRows { get; init; }

    /// <summary>The share of the GPU's memory that it takes there, above 0 to 1.</summary>
    public double? MemoryShare { get; init; }

    /// <summary>CUDA context, kernels' workspaces and allocator slack on each such GPU.</summary>
    public ByteRange? Runtime { get; init; }

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(EngineOnGpu), PrintMembers);
}
