using LlmMath.Speed;

namespace LlmMath.Calibration;

/// <summary>What was measured.</summary>
internal enum Metric
{
    FirstToken,
    InterToken,
    PrefillPass,
    Saturated,
}

/// <summary>Where something was measured, and with which release of the engine, as far as it is named.</summary>
internal sealed record Place(string? Vendor = null, string? Generation = null, string? Gpu = null, string? Release = null);

/// <summary>One measured time, and the deployment and load that it was measured on.</summary>
internal sealed record Observation
{
    public required string Engine { get; init; }

    public required ModelDefinition Model { get; init; }

    public required Gpu Gpu { get; init; }

    public required string Weights { get; init; }

    public required Metric Metric { get; init; }

    /// <summary>The engine's version; the month of the measurement where the source names none; null where releases are not told
    /// apart.</summary>
    public string? Release { get; init; }

    /// <summary>Seconds, or seconds an output token where throughput was measured.</summary>
    public required double Seconds { get; init; }

    public required Deployment On { get; init; }

    public required ServingLoad Load { get; init; }

    /// <summary>Its share in a fit: a setting measured several times counts once.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>Rows of one campaign, a release with a model and its weights on a GPU, share what no constant tells: they count
    /// as their square root.</summary>
    public double CampaignWeight { get; init; } = 1;

    /// <summary>Rows of the source that hold it.</summary>
    public int Rows { get; init; } = 1;

    /// <summary>Everything that tells it from others: rows are put in this order, so that a file's order does not
    /// matter.</summary>
    public required string Key { get; init; }

    /// <summary>The generation: Grace Blackwell Ultra is Blackwell.</summary>
    public string Generation => (Gpu.Architecture ?? "unknown").Replace("Grace ", "", StringComparison.Ordinal)
        .Replace(" Ultra", "", StringComparison.Ordinal);

    /// <summary>Where it was measured.</summary>
    public Place Place => new(Gpu.Vendor, Generation, Gpu.Name, Release);

    /// <summary>What is left out together: a model, as far as its shape goes, on a GPU.</summary>
    public string Group => $"{Model.ParameterCount()} on {Gpu.Name}";

    /// <summary>The time that constants give.</summary>
    public double Predict(EngineConstants constants) => Metric == Metric.PrefillPass
        ? Roofline.Prefill(On, constants, Load.Prompt, Load.Cached, Load.PassTokens).Total
        : Read(ServingTime.Of(On, constants, Load));

    /// <summary>What was measured, of the times that constants give.</summary>
    public double Read(in ServingTime time) => Metric switch
    {
        Metric.FirstToken => time.FirstToken,
        Metric.InterToken => time.InterToken,
        _ => time.InterToken / (time.Running * On.Pipeline),
    };
}
