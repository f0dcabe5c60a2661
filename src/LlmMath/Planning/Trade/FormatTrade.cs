using LlmMath.Basics;

namespace LlmMath.Planning;

/// <summary>What a format takes in space, time, money and quality on one kind of GPU.</summary>
public sealed record FormatTrade
{
    private FormatTrade()
    {
    }

    /// <summary>The format.</summary>
    public required WeightFormat Format { get; init; }

    /// <summary>The engine; null where none that is known loads it and runs there.</summary>
    public Engine? Engine { get; private init; }

    /// <summary>Bytes of the weights.</summary>
    public ByteSize Weights { get; private init; }

    /// <summary>Why there are no times; null where there are.</summary>
    public string? Problem { get; private init; }

    /// <summary>The longest sequence that fits; null where none does.</summary>
    public long? LargestContext { get; private init; }

    /// <summary>Requests of the workload's length that fit at once; null where none does.</summary>
    public int? LargestBatch { get; private init; }

    /// <summary>The estimate of the workload as it was asked; null where it does not fit.</summary>
    public InferenceEstimate? Estimate { get; private init; }

    /// <summary>Tokens written a second with as many requests at once as fit, at most 256; null where none fits.</summary>
    public RateRange? MostTokensPerSecond { get; private init; }

    /// <summary>US dollars a million written tokens then, if the machine worked all of the time; null where nobody sourced a
    /// price.</summary>
    public double? UsdPerMillion { get; private init; }

    /// <summary>What it costs in quality, as far as somebody measured that.</summary>
    public ValueList<FormatLoss> Losses { get; private init; } = [];

    /// <summary>Whether nothing is lost: 16 bits and more, or the checkpoint's own format.</summary>
    public bool IsLossless { get; private init; }

    /// <summary>Formats side by side.</summary>
    /// <param name="model">The model.</param>
    /// <param name="gpu">The kind of GPU.</param>
    /// <param name="gpus">How many of it a replica is laid over, 1 or more.</param>
    /// <param name="workload">What is asked.</param>
    /// <param name="formats">The formats.</param>
    /// <param name="engine">The engine; null for the usual one of each format.</param>
    /// <param name="usdPerGpuHour">US dollars of one GPU and hour; null for the cheapest on demand of the catalog.</param>
    /// <exception cref="ArgumentException">The workload holds something that cannot be.</exception>
    /// <exception cref="DefinitionException">The model's config cannot be read.</exception>
    public static ValueList<FormatTrade> Of(ModelDefinition model, Gpu gpu, int gpus, Workload workload,
        IReadOnlyList<WeightFormat> formats, Engine? engine = null, double? usdPerGpuHour = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(gpu);
        ArgumentNullException.ThrowIfNull(workload);
        ArgumentNullException.ThrowIfNull(formats);
        double? price = usdPerGpuHour ?? PriceList.Catalog.Instances
            .Where(one => one.Gpu == gpu.Name && one.Kind == "on-demand" && one.Gpus >= gpus)
            .Select(one => (double?)one.UsdPerGpuHour).Min();
        return [.. formats.Select(format => One(model, gpu, gpus, workload, format, engine, price))];
    }

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(FormatTrade), PrintMembers);

    private static FormatTrade One(ModelDefinition model, Gpu gpu, int gpus, Workload workload, WeightFormat format,
        Engine? engine, double? price)
    {
        var trade = new FormatTrade
        {
            Format = format, Weights = model.WeightMemory(format), Losses = Quality.LossOf(model, format),
            IsLossless = Quality.IsLossless(model, format),
        };
        if ((engine ?? EngineCatalog.UsualFor(format, gpus: [gpu], needsSpeed: true)) is not { } serves)
        {
            return trade with { Problem = "no engine whose speed is known loads it there" };
        }

        try
        {
            var on = new Deployment(model, gpu, serves, format)
            {
                Placement = serves.SplitsByLayer ? new() { Pipeline = gpus } : new() { Tensor = gpus },
            };
            if (Memory.FormatSupport.Lacks(format, serves, gpu) is { } lacks && !Memory.FormatSupport.Runs(format, serves, gpu))
            {
                return trade with { Engine = serves, Problem = lacks };
            }

            int? batch = on.LargestBatch(workload);
            trade = trade with { Engine = serves, LargestContext = on.LargestContext(workload), LargestBatch = batch };
            if (batch is null)
            {
                return trade with { Problem = "it does not fit" };
            }

            InferenceEstimate full = on.Speed(workload with { Requests = Math.Min(batch.Value, 256) });
            return trade with
            {
                Estimate = workload.Requests <= batch ? on.Speed(workload) : null,
                Problem = workload.Requests <= batch ? null : "so many requests do not fit at once",
                MostTokensPerSecond = full.TokensPerSecond,
                UsdPerMillion = price is { } usd
                    ? TokenCost.UsdPerMillion(usd * gpus, full.TokensPerSecond.Expected) : null,
            };
        }
        catch (ArgumentException error)
        {
            return trade with { Engine = serves, Problem = error.Message.Split(" (Parameter")[0] };
        }
    }
}
