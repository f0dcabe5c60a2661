using LlmMath.Basics;

namespace LlmMath.Planning;

/// <summary>Strategies side by side.</summary>
/// <param name="Model">The model.</param>
/// <param name="Task">What it is to do.</param>
/// <param name="Rows">The strategies, those that train nothing first.</param>
public sealed record StrategyTable(ModelDefinition Model, StrategyTask Task, ValueList<StrategyRow> Rows)
{
    // Beyond so many replicas nobody asks which of two is cheaper.
    private const int MostReplicas = 10_000;

    /// <summary>What the table leaves to a trial.</summary>
    public static string QualityNote => "How good the answers are is not guessed: try each on examples that were held back.";

    /// <summary>The cheapest over all months of those that fit; null where none does.</summary>
    public StrategyRow? Cheapest => Rows.Where(row => row.Fits).OrderBy(row => row.Total!.Value.Expected).FirstOrDefault();

    /// <summary>From how many requests a month a strategy that trains costs less over all months than one that does not, with
    /// each strategy's deployment as it stands in the table: the fewest at which it does. Both are paid by whole machines, so
    /// that below the first step nothing is saved; where machines have other work too, once ÷ (months · (u₁ − u₂)), u the
    /// dollars of a replica and month over the requests that it bears.</summary>
    public ValueList<StrategyBreakEven> BreakEven =>
    [
        .. from untrained in Rows.Where(row => row is { Fits: true, Training: null })
           from trained in Rows.Where(row => row is { Fits: true, Training: not null })
           select new StrategyBreakEven(untrained.Name, trained.Name, Requests(untrained, trained), Shared(untrained, trained)),
    ];

    private double? Shared(StrategyRow untrained, StrategyRow trained) =>
        new CostLine(0, Task.Months * untrained.Stairs!.UsdPerRequest).BreakEven(
            new(trained.OneOff!.Value.Expected, Task.Months * trained.Stairs!.UsdPerRequest));

    /// <summary>The table in a line.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Rows.Count} strategies for {Model}, ") + (Cheapest is { } best ? $"the cheapest {best}" : "none fits");

    // The untrained strategy's cost rises only where it needs one replica more: just above k · c requests it has k + 1.
    private double? Requests(StrategyRow untrained, StrategyRow trained)
    {
        (StrategyServing with, StrategyServing without) = (untrained.Stairs!, trained.Stairs!);
        double once = trained.OneOff!.Value.Expected;
        for (int replicas = 0; replicas <= MostReplicas; replicas++)
        {
            double requests = replicas * with.PerMonth;
            double saved = with.Usd(replicas + 1) - without.At(Math.Max(requests * (1 + 1e-6), double.Epsilon));
            if (saved * Task.Months >= once)
            {
                return requests;
            }
        }

        return null;
    }
}

/// <summary>Where a strategy that trains begins to cost less than one that does not.</summary>
/// <param name="Untrained">The strategy that trains nothing.</param>
/// <param name="Trained">The strategy that trains.</param>
/// <param name="RequestsPerMonth">Requests a month from which the latter costs less over all months; 0 where it does from the
/// first, null where it never does.</param>
/// <param name="SharedRequestsPerMonth">The same where machines are paid for the time alone that they work, as where others share
/// them; null where it never does.</param>
public sealed record StrategyBreakEven(string Untrained, string Trained, double? RequestsPerMonth,
    double? SharedRequestsPerMonth)
{
    /// <summary>The two and the numbers.</summary>
    public override string ToString() =>
        $"{Trained} costs less than {Untrained} {From(RequestsPerMonth)} on machines of its own, "
        + $"{From(SharedRequestsPerMonth)} on machines that others share";

    private static string From(double? requests) =>
        requests is { } known ? $"from {NumberText.Short(known)} requests a month" : "never";
}
