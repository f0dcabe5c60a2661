using LlmMath.Engines;
using LlmMath.Speed.Pass;
using LlmMath.Speed.Serving;

namespace LlmMath.Calibration;

/// <summary>One measured time, and the deployment and load that it was measured on.</summary>
internal sealed record Observation
{
    /// <summary>The engine, as the catalog has it.</summary>
    public required Engine Engine { get; init; }

    /// <summary>The model.</summary>
    public required ModelDefinition Model { get; init; }

    /// <summary>The GPU, each of them.</summary>
    public required Gpu Gpu { get; init; }

    /// <summary>How the weights were stored.</summary>
    public required WeightFormat Weights { get; init; }

    /// <summary>What was measured.</summary>
    public required Metric Metric { get; init; }

    /// <summary>The engine's version; the month of the measurement where the source names none; null where releases are not told
    /// apart.</summary>
    public string? Release { get; init; }

    /// <summary>Seconds, or seconds an output token where throughput was measured.</summary>
    public required double Seconds { get; init; }

    /// <summary>The model on its GPUs.</summary>
    public required DeployedModel On { get; init; }

    /// <summary>What requests asked.</summary>
    public required ServingLoad Load { get; init; }

    /// <summary>The same as it was asked.</summary>
    public required Workload Workload { get; init; }

    /// <summary>Whether several sequences wrote at once.</summary>
    public bool IsBatched => Workload.Requests > 1;

    /// <summary>Its share in a fit: a setting measured several times counts once.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>Rows of one campaign, a release with a model and its weights on a GPU, share what no constant tells: they count
    /// as their square root.</summary>
    public double CampaignWeight { get; init; } = 1;

    /// <summary>Rows of the source that hold it.</summary>
    public int Rows { get; init; } = 1;

    /// <summary>The processor, where it multiplies beside a GPU.</summary>
    public Gpu? Host { get; init; }

    /// <summary>Who published it: what the evidence calls its source.</summary>
    public required string Source { get; init; }

    /// <summary>Everything that tells it from others: rows are put in this order, so that a file's order does not
    /// matter.</summary>
    public required string Key { get; init; }

    /// <summary>The hardware's generation.</summary>
    public string Generation => Place.GenerationOf(Gpu);

    /// <summary>Where it was measured.</summary>
    public Place Place => Place.Of(Gpu, Release, Host);

    /// <summary>What is left out with it.</summary>
    public ModelOnGpu Group => new(Model.ParameterCount(), Gpu.Name);

    /// <summary>The time that constants give.</summary>
    public double Predict(EngineConstants constants) => Metric switch
    {
        Metric.PrefillPass => OwnMeasurement.Predict(MeasuredTime.Prompt, On, constants, Load),
        Metric.Saturated => SaturatedRun.SecondsPerToken(On, constants, Load, Workload.Requests),
        _ => Read(ServingTime.Of(On, constants, Load)),
    };

    /// <summary>What was measured, of the times that constants give.</summary>
    public double Read(in ServingTime time) => Metric == Metric.FirstToken ? time.FirstToken : time.InterToken;
}
