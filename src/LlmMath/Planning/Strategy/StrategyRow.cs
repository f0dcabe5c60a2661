using LlmMath.Basics;
using LlmMath.Training;
using static LlmMath.Planning.MoneyLine;

namespace LlmMath.Planning;

/// <summary>What one strategy takes of a task. How good its answers are is not guessed: it depends on task and examples, and only
/// a trial tells.</summary>
public sealed record StrategyRow
{
    private readonly StrategyTraining? _training;
    private readonly double _months;

    internal StrategyRow(string name, string does, double months, StrategyTraining? training) =>
        (Name, Does, _months, _training) = (name, does, months, training);

    /// <summary>Its name: <c>prompting</c>, <c>lora</c>.</summary>
    public string Name { get; }

    /// <summary>What it does, in words.</summary>
    public string Does { get; }

    /// <summary>How it is trained; null where it is not, or where no setup fits.</summary>
    public TrainingEstimate? Training => _training?.Estimate;

    /// <summary>Hours of training; null where there is none.</summary>
    public TimeRange? TrainingTime => _training?.Time;

    /// <summary>The machine that it is trained on; null where it is not.</summary>
    public Offer? TrainingOffer => _training?.Offer;

    /// <summary>How it is served; null where nothing meets the limits.</summary>
    public Plan? Serving { get; internal init; }

    /// <summary>Whether it can be trained and served on the GPU.</summary>
    public bool Fits => Serving is not null && Missing is null;

    /// <summary>Why it cannot; null where it can.</summary>
    public string? Missing { get; internal init; }

    /// <summary>GPUs at once: those that train or those that serve, whichever are more; 0 where neither is possible.</summary>
    public long Gpus => Math.Max(TrainingGpus, ServingGpus);

    /// <summary>GPUs that train; 0 where there are none.</summary>
    public int TrainingGpus => Training?.Deployment.Placement.Gpus ?? 0;

    /// <summary>GPUs that serve; 0 where there are none.</summary>
    public long ServingGpus => (Serving?.Replicas ?? 0) * (Serving?.Deployment.Placement.Gpus ?? 0);

    /// <summary>US dollars once, for training; null where it does not fit.</summary>
    public MoneyRange? OneOff => !Fits ? null : _training?.Usd ?? default(MoneyRange);

    /// <summary>US dollars a month, for serving; null where it does not fit. The range is as wide as answers may be faster or
    /// slower; whole machines make it the same where they suffice in any case.</summary>
    public MoneyRange? Monthly => Fits ? MonthlyRange : null;

    /// <summary>US dollars over all months: once + a month × months; null where it does not fit.</summary>
    public MoneyRange? Total => OneOff is { } once && Monthly is { } month ? once.Plus(month.Times(_months)) : null;

    internal MoneyRange MonthlyRange { get; init; }

    internal StrategyServing? Stairs { get; init; }

    /// <summary>The working, a line an amount; empty where it does not fit.</summary>
    public ValueList<MoneyLine> Explain()
    {
        if (Total is not { } total)
        {
            return [];
        }

        var lines = new List<MoneyLine>();
        if (_training is { } training)
        {
            lines.Add(new("once", $"{N(training.Time.Expected.TotalHours)} h × {N(training.Machines)} × "
                + $"{N(training.Offer.UsdPerHour)} an hour ({training.Offer.Machine})", training.Usd.Expected));
        }

        lines.Add(new("a month", $"{N(Serving!.Machines)} × {N(Serving.Offer.UsdPerHour)} × {N(Serving.Offer.HoursPerMonth)} h "
            + $"({Serving.Offer.Machine}, busy {NumberText.Short(100 * Serving.BusyShare)} %)", MonthlyRange.Expected));
        lines.Add(new("in all", $"{N(OneOff!.Value.Expected)} + {N(MonthlyRange.Expected)} × {N(_months)} months",
            total.Expected));
        return [.. lines];
    }

    /// <summary>What a reader should know about the figures.</summary>
    /// <param name="today">The day that it is asked on.</param>
    public ValueList<string> Warnings(DateOnly today)
    {
        List<string> all = [.. Serving?.Warnings(today) ?? []];
        if (_training is { } training)
        {
            if (training.Machines > 1)
            {
                all.Add($"{Name}: several machines train, and the network between them is taken as fast as the links within.");
            }

            if (training.Offer.Caution(today) is { } caution)
            {
                all.Add(caution);
            }
        }

        return [.. all.Distinct()];
    }

    /// <summary>The strategy, and what it costs.</summary>
    public override string ToString() => $"{Name}: {Missing ?? $"{Total}"}";
}
