namespace LlmMath.Calibration;

/// <summary>A line of a table of errors, and what this project asked of itself before it fitted.</summary>
/// <param name="Engine">The engine.</param>
/// <param name="Metric">What was measured; null for throughput of whole requests.</param>
/// <param name="Median">The most that the median error may be; null where nothing was asked.</param>
/// <param name="Ninety">The most that the 90th percentile may be; null where nothing was asked.</param>
internal sealed record Asked(string Engine, Metric? Metric, double? Median = null, double? Ninety = null)
{
    /// <summary>Of servers.</summary>
    public static ValueList<Asked> Serving { get; } =
    [
        new("vllm", Calibration.Metric.InterToken, 0.07, 0.20), new("sglang", Calibration.Metric.InterToken, 0.07, 0.20),
        new("tensorrt-llm", Calibration.Metric.InterToken, 0.07, 0.20),
        new("vllm", Calibration.Metric.FirstToken, 0.18), new("sglang", Calibration.Metric.FirstToken, 0.18),
        new("tensorrt-llm", Calibration.Metric.FirstToken, 0.18), new("tensorrt-llm", Calibration.Metric.Saturated, 0.12),
        new("vllm", null, 0.07), new("sglang", null, 0.07), new("tensorrt-llm", null, 0.07),
    ];

    /// <summary>Of engines of one machine.</summary>
    public static ValueList<Asked> OneMachine { get; } =
    [
        new("llama.cpp-2024", Calibration.Metric.InterToken, 0.08), new("llama.cpp-2024", Calibration.Metric.PrefillPass, 0.20),
        new("exllamav2", Calibration.Metric.InterToken), new("exllamav2", Calibration.Metric.PrefillPass),
        new("mlc-llm", Calibration.Metric.InterToken), new("mlx", Calibration.Metric.InterToken),
        new("mlx", Calibration.Metric.PrefillPass), new("gpt-fast", Calibration.Metric.InterToken),
    ];
}
