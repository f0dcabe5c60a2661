using LlmMath.Basics;

namespace LlmMath.Planning;

/// <summary>What a search found.</summary>
public sealed record PlanResult
{
    /// <summary>What was asked.</summary>
    public required ServiceRequirements Requirements { get; init; }

    /// <summary>The cheapest plan of each model on each kind of GPU, the cheapest first; of those that cost the same, the larger
    /// model, and in more bits.</summary>
    public required ValueList<Plan> Plans { get; init; }

    /// <summary>The cheapest; null where nothing meets the requirements.</summary>
    public Plan? Best => Plans.Count > 0 ? Plans[0] : null;

    /// <summary>Of the plans, those that no other beats in cost, time to the first token and time between tokens at
    /// once.</summary>
    public ValueList<Plan> Frontier => [.. Plans.Where(plan => !Plans.Any(other => Beats(other, plan)))];

    /// <summary>What fell out, by reason, the most first. With the plans, all candidates.</summary>
    public required ValueList<Drop> Dropped { get; init; }

    /// <summary>How far limits would have to move; null where there is a plan.</summary>
    public NearestMiss? Nearest { get; init; }

    /// <summary>Candidates: model × format × GPU × GPUs of a replica × engine.</summary>
    public required long Candidates { get; init; }

    /// <summary>Of how many an engine's times were estimated. The rest fell out by what is provable without: sizes, prices, the
    /// bound of the hardware.</summary>
    public required long Estimated { get; init; }

    /// <summary>How often the bound of the hardware was asked, once for all engines.</summary>
    public required long Bounded { get; init; }

    /// <summary>What percentiles rest on.</summary>
    public static string PercentileBasis => "Percentiles are of the closed form's range, in which eight of ten measurements lay, "
        + "with the length of a request at that percentile; how requests queue is not simulated.";

    /// <summary>Ways to serve that no search looks at, so that something cheaper may be among them.</summary>
    public static string NotLookedAt => "Not looked at: GPUs of their own that read prompts for others, replicas over several "
        + "machines, speculative decoding.";

    /// <summary>How much was looked at, and what is best.</summary>
    public override string ToString() => $"{NumberText.N(Plans.Count)} plans of {NumberText.N(Candidates)} candidates"
        + (Best is { } best ? $", the best {best}" : "");

    private static bool Beats(Plan other, Plan plan) =>
        other.Usd <= plan.Usd && other.TimeToFirstToken <= plan.TimeToFirstToken
        && other.InterTokenLatency <= plan.InterTokenLatency
        && (other.Usd < plan.Usd || other.TimeToFirstToken < plan.TimeToFirstToken
            || other.InterTokenLatency < plan.InterTokenLatency);
}
