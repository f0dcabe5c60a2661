using System.Globalization;
using LlmMath.Basics;

namespace LlmMath.Planning.Answer;

/// <summary>What a written answer says, whatever it is written in.</summary>
internal static class AnswerParts
{
    private const int MostRows = 12;

    public static AnswerPart[] Of(PlanResult result, DateOnly today)
    {
        ServiceRequirements r = result.Requirements;
        return result.Best is { } best
            ? [Decision(best, r), Start(best), Table(result), Ranges(best), .. Money(best, r), Proof(best), Dropped(result),
                Assumed(r), Owning(r), Sources(result), Risks(best, today)]
            : [Miss(result), Dropped(result), Assumed(r)];
    }

    private static AnswerPart Decision(Plan plan, ServiceRequirements r)
    {
        Deployment on = plan.Deployment;
        string what = $"serve {on.Model} in {on.Weights} by {on.Engine} on {Several(plan.Machines)}{plan.Offer.Machine}, "
            + $"{N(plan.Replicas)} {(plan.Replicas == 1 ? "replica" : "replicas, each")} on {on.Placement.Gpus} × {on.Gpu}.";
        string money = plan.BatchHours is { } hours ? $"The batch takes {F(hours)} hours and costs {N(plan.Usd)} US dollars."
            : $"That costs {N(plan.Usd)} US dollars a month, {F(plan.Cost.UsdPerMillion)} a million tokens at this load, which "
                + $"keeps it busy {F(100 * plan.BusyShare)} % of the time{Called(plan, r)}.";
        string times = r.Load.BatchRequests is not null ? ""
            : $" In the busiest minute the first token comes within {F(plan.TimeToFirstToken.TotalSeconds)} s and a token every "
                + $"{F(plan.InterTokenLatency.TotalMilliseconds)} ms.";
        return new() { Heading = "Decision", Text = $"For {r.Load}: {what} {money}{times}" };
    }

    private static string Several(long machines) => machines == 1 ? "" : $"{N(machines)} × ";

    // Data may go there, and it is cheaper: who pays should read that first.
    private static string Called(Plan plan, ServiceRequirements r) => r.Residency == Residency.Any
        && RentOrBuy.Of(plan, r) is { Api: { } api, ApiUsdPerMonth: { } usd } && usd < plan.Usd
        ? $"; the same model by {api.Provider}'s API costs {N(usd)} a month" : "";

    private static AnswerPart Start(Plan plan)
    {
        try
        {
            return new() { Heading = "What starts it", Code = LaunchCommand.Of(plan).ToString() };
        }
        catch (ArgumentException problem)
        {
            return new() { Heading = "What starts it", Text = $"No command is written: {problem.Message}" };
        }
    }

    private static AnswerPart Table(PlanResult result) => new()
    {
        Heading = "What would do, the cheapest first",
        Titles = ["model", "replicas × GPUs", "format", "engine", "first token, s", "between tokens, ms", "requests/s", "USD",
            "USD a million", "basis"],
        Rows = [.. result.Plans.Take(MostRows).Select(plan => (string[])
        [
            plan.Deployment.Model.Name, $"{N(plan.Replicas)} × {plan.Deployment.Placement.Gpus} × {plan.Deployment.Gpu}",
            plan.Deployment.Weights.Name, plan.Deployment.Engine!.Name, F(plan.TimeToFirstToken.TotalSeconds),
            F(plan.InterTokenLatency.TotalMilliseconds), F(plan.RequestsPerSecond), N(plan.Usd), F(plan.Cost.UsdPerMillion),
            Words.Of(plan.Basis),
        ])],
    };

    private static AnswerPart Ranges(Plan plan) => new()
    {
        Heading = "How sure that is",
        Text = PlanResult.PercentileBasis + (plan.Chance is { } chance
            ? $" The chance that the limits hold is {F(100 * chance)} %." : ""),
        Titles = ["of the first", "low", "expected", "high"],
        Rows =
        [
            Range("time to the first token, ms", plan.Estimate.TimeToFirstToken),
            Range("time between tokens, ms", plan.Estimate.InterTokenLatency),
            Range("whole answer, ms", plan.Estimate.TotalTime),
            ["memory of the fullest GPU, GB", "", F(plan.Memory.PerGpu.Bytes / 1e9), F(plan.Memory.Fit?.Room.Bytes / 1e9)],
        ],
    };

    private static AnswerPart Proof(Plan plan)
    {
        var benchmark = BenchmarkCommand.Of(plan);
        return new()
        {
            Heading = "What proves or refutes it",
            Text = $"With one replica started, and its checkpoint's name in place of {plan.Deployment.Model.Id} where it has "
                + "another, run this; outside the ranges the plan is refuted:",
            Code = benchmark.ToString(),
            Items = [.. benchmark.Expected.Select(line => $"Expected: {line}.")],
        };
    }

    private static AnswerPart[] Money(Plan plan, ServiceRequirements r)
    {
        if (r.Load.BatchRequests is not null)
        {
            return [];
        }

        var money = RentOrBuy.Of(plan, r);
        string?[] items =
        [
            money.Rent is { } rent ? $"Rent: {N(money.RentUsdPerMonth)} USD a month ({rent.Machine})." : null,
            money.Buy is { } buy ? $"Buy: {N(money.BuyUsd)} USD at once, {N(money.BuyUsdPerMonth)} a month ({buy.Machine})"
                + (money.MonthsToBreakEven is { } months ? $"; even with renting after {F(months)} months." : ".") : null,
            money.Api is { } api ? $"API: {N(money.ApiUsdPerMonth)} USD a month ({api.Provider} {api.Model})"
                + (money.RequestsToBreakEven is { } even
                    ? $"; the machines are cheaper from {N(even)} requests a month." : ".") : null,
        ];
        return
        [
            new() { Heading = "Rent, buy or call an API", Items = [.. items.OfType<string>()] },
            new()
            {
                Text = "What a million tokens cost by how busy the machines are, in US dollars:",
                Titles = ["busy", "rent", "buy", "API"],
                Rows = [.. CostCurve.Of(plan, r).Points.Select(point => (string[])
                    [$"{F(100 * point.BusyShare)} %", F(point.Rent), F(point.Buy), F(point.Api)])],
            },
        ];
    }

    private static AnswerPart Miss(PlanResult result) => new()
    {
        Heading = "Decision",
        Text = "Nothing meets the requirements." + (result.Nearest is { Unlimited: { } plan }
            ? $" Without limits of time and money the cheapest is {plan}." : " Limits of time and money are not the reason."),
        Items = [.. (result.Nearest?.Moves ?? []).Select(move => $"{move}.")],
    };

    private static AnswerPart Dropped(PlanResult result) => new()
    {
        Heading = "What fell out, and why",
        Text = $"{N(result.Candidates)} candidates, of which {N(result.Estimated)} were estimated.",
        Items = [.. result.Dropped.Select(drop => $"{N(drop.Count)} because {drop.Text}.")],
    };

    private static AnswerPart Assumed(ServiceRequirements r) => new()
    {
        Heading = "What was asked",
        Items =
        [
            $"Load: {r.Load}; in the busiest minute {F(r.PeakRate)} requests a second.",
            $"Prompts: {r.Prompt} tokens; answers: {r.Output}.",
            .. Limit("first token", r.TimeToFirstToken), .. Limit("between tokens", r.InterTokenLatency),
            .. Limit("whole answer", r.EndToEnd),
            "Data may go " + (r.Residency switch
            {
                Residency.Premises => "nowhere: machines stand on one's own premises.",
                Residency.OwnAccount => "to machines rented under one's own account, to no hosted API.",
                _ => "anywhere, to hosted APIs too.",
            }),
            .. r.Budget is { } budget ? [$"Budget: {N(budget)} US dollars."] : Array.Empty<string>(),
            .. r.Quality.Select(floor => $"Quality: {floor}."),
            PlanResult.NotLookedAt,
        ],
    };

    private static AnswerPart Owning(ServiceRequirements r) => new()
    {
        Heading = "What owning is reckoned with",
        Titles = ["assumption", "value", "low", "high", "unit", "source"],
        Rows = [.. Swing.Of(r.Ownership, _ => 0).Select(one => (string[])[one.Name, F(one.Assumption.Value),
            F(one.Assumption.Low), F(one.Assumption.High), one.Assumption.Unit, one.Assumption.Source.Where])],
    };

    private static AnswerPart Sources(PlanResult result) => new()
    {
        Heading = "Prices",
        Items = [.. result.Plans.Take(MostRows).Select(plan => plan.Offer).Distinct().Select(offer =>
            $"{offer}: {offer.Date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "undated"}, {offer.Source.Where} "
            + $"({offer.Source.Licence}).")],
    };

    private static AnswerPart Risks(Plan plan, DateOnly today) => new()
    {
        Heading = "Risks", Items = plan.Warnings(today) is { Count: > 0 } warnings ? [.. warnings] : ["None that is known."],
    };

    private static string[] Limit(string what, LatencyLimit? limit) => limit is { } known ? [$"Limit, {what}: {known}."] : [];

    private static string[] Range(string name, in TimeRange time) =>
        [name, F(time.Low.TotalMilliseconds), F(time.Expected.TotalMilliseconds), F(time.High.TotalMilliseconds)];

    private static string N(double? number) => number?.ToString("#,0", CultureInfo.InvariantCulture) ?? "";

    private static string F(double? number) => number is { } value ? NumberText.Short(value) : "";
}
