namespace LlmMath.Calibration;

/// <summary>What was measured.</summary>
internal enum Metric
{
    /// <summary>Seconds to the first token.</summary>
    FirstToken,

    /// <summary>Seconds between tokens.</summary>
    InterToken,

    /// <summary>Seconds of reading one prompt.</summary>
    PrefillPass,

    /// <summary>Seconds an output token of all GPUs at full load.</summary>
    Saturated,
}

/// <summary>What metrics are called in reports.</summary>
internal static class MetricWords
{
    /// <summary>As people say it.</summary>
    public static string Of(Metric metric) => metric switch
    {
        Metric.FirstToken => "time to first token",
        Metric.InterToken => "time between tokens",
        Metric.PrefillPass => "prompt processing",
        _ => "saturated throughput",
    };
}
