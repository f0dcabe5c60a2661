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
        Engines = ["llama.cpp-2024", "exllamav2", "mlc-llm", "mlx", "gpt-fast"],
        Priors = PriorTable.OneMachine,
        TellsGpusApart = true,
        Attempts = 14,
        Rows = root => [.. EvidenceFiles.Local(root).Where(row => row.Metric != Metric.Saturated)],
    };

    /// <summary>llama.cpp and its fork as they are since mid-2024, whose releases are backends.</summary>
    public static Pool Today { get; } = new()
    {
        Engines = ["llama.cpp", "ik_llama.cpp"],
        Priors = PriorTable.Today,
        TellsGpusApart = true,
        Reference = "cuda",
        Folds = 12,
        Attempts = 14,
        Rows = EvidenceFiles.Today,
    };

    /// <summary>The engines, by the catalog's names.</summary>
    public required ValueList<string> Engines { get; init; }

    /// <summary>What is expected of their constants before any row is seen.</summary>
    public required PriorTable Priors { get; init; }

    /// <summary>Whether each GPU has constants of its own.</summary>
    public bool TellsGpusApart { get; init; }

    /// <summary>The release whose constants the profile holds, the others being factors on it; null for the newest.</summary>
    public string? Reference { get; init; }

    /// <summary>Into how many folds models on GPUs are dealt to be held out; null for each by itself.</summary>
    public int? Folds { get; init; }

    /// <summary>How often a step of their fit is damped more before the search ends.</summary>
    public int Attempts { get; init; } = 6;

    /// <summary>Reads their rows of <c>catalog/evidence</c>, below the repository's root.</summary>
    public required Func<string, IReadOnlyList<Observation>> Rows { get; init; }
}
