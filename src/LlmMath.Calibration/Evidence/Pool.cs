namespace LlmMath.Calibration;

/// <summary>Engines that are fitted together. Their facts stand in <c>catalog/engines</c>.</summary>
internal sealed record Pool
{
    /// <summary>Servers that answer many requests at once.</summary>
    public static Pool Serving { get; } = new()
    {
        Engines = ["vllm", "sglang", "tensorrt-llm"],
        Priors = PriorTable.Serving,
        Rows = root => [.. EvidenceFiles.Serving(root), .. Weighting.ByCampaign(
            [.. EvidenceFiles.Local(root).Where(row => row.Metric == Metric.Saturated)])],
    };

    /// <summary>Engines that answer one request at a time on one machine.</summary>
    public static Pool OneMachine { get; } = new()
    {
        Engines = ["llama.cpp", "exllamav2", "mlc-llm", "mlx", "gpt-fast"],
        Priors = PriorTable.OneMachine,
        TellsGpusApart = true,
        Rows = root => [.. EvidenceFiles.Local(root).Where(row => row.Metric != Metric.Saturated)],
    };

    /// <summary>The engines, by the catalog's names.</summary>
    public required ValueList<string> Engines { get; init; }

    /// <summary>What is expected of their constants before any row is seen.</summary>
    public required PriorTable Priors { get; init; }

    /// <summary>Whether each GPU has constants of its own.</summary>
    public bool TellsGpusApart { get; init; }

    /// <summary>Reads their rows of <c>catalog/evidence</c>, below the repository's root.</summary>
    public required Func<string, IReadOnlyList<Observation>> Rows { get; init; }
}
