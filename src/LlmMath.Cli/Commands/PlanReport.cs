using System.Globalization;
using LlmMath.Cli.Output;
using LlmMath.Planning;
using static LlmMath.Cli.Output.Tables;

namespace LlmMath.Cli.Commands;

/// <summary>An answer of <c>llmmath plan</c> in words.</summary>
internal static class PlanReport
{
    public static void Text(
        PlanQuestion asked, PlanResult result, double seconds, int top, bool sources, TextWriter output, TextWriter error)
    {
        ServiceRequirements r = asked.Requirements;
        if (result.Best is { } best)
        {
            output.WriteLine(Sentence(best, r));
            WriteTable(result, r, top, output);
            if (r.Load.BatchRequests is null)
            {
                WriteRentOrBuy(RentOrBuy.Of(best, r), output);
            }

            foreach (string warning in best.Warnings(PlanJson.Today))
            {
                output.WriteLine("warning: " + warning);
            }
        }
        else
        {
            error.WriteLine("llmmath: nothing meets the requirements." + Nearest(result.Nearest));
        }

        output.WriteLine($"chosen: {string.Join("; ", asked.Assumed)}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{N(result.Candidates)} candidates, {N(result.Estimated)} estimated, in {seconds:0.00} s; fell out: ")
            + string.Join("; ", result.Dropped.Take(6).Select(drop => $"{N(drop.Count)} {drop.Text}")));
        output.WriteLine($"{PlanResult.PercentileBasis} {PlanResult.NotLookedAt}");
        if (sources)
        {
            foreach (Plan plan in result.Plans.Take(top))
            {
                output.WriteLine($"{plan.Offer.Machine}: {Day(plan.Offer.Date) ?? "undated"}, {plan.Offer.Source.Where} "
                    + $"({plan.Offer.Source.Licence})");
            }
        }
    }

    /// <summary>A day as prices have it; null where there is none.</summary>
    public static string? Day(DateOnly? date) => date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Of a hundred requests so many keep the limits.</summary>
    public static double Percentile(ServiceRequirements r) =>
        (r.TimeToFirstToken ?? r.InterTokenLatency ?? r.EndToEnd)?.Percentile ?? LatencyLimit.UsualPercentile;

    /// <summary>A limit's option.</summary>
    public static string Name(DropReason limit) => limit switch
    {
        DropReason.TimeToFirstToken => "--max-ttft",
        DropReason.InterTokenLatency => "--max-itl",
        DropReason.EndToEnd => "--max-total",
        _ => "--budget",
    };

    /// <summary>A plan in a sentence.</summary>
    public static string Sentence(Plan plan, ServiceRequirements r)
    {
        Deployment on = plan.Deployment;
        string gpus = on.Placement.Gpus == 1 ? $"one {on.Gpu}" : $"{on.Placement.Gpus} × {on.Gpu}";
        string replicas = plan.Replicas == 1 ? "" : $"{N(plan.Replicas)} replicas, each ";
        string money = plan.BatchHours is { } hours
            ? $"{N(plan.Usd)} US dollars in {Short(hours)} hours"
            : $"{N(plan.Usd)} US dollars a month" + (plan.Offer.Bought is { } bought
                ? $", {N(plan.Machines * bought.Usd)} at the start" : "");
        string times = r.Load.BatchRequests is not null ? ""
            : $"; first token within {Short(plan.TimeToFirstToken.TotalSeconds)} s, then "
                + $"{Short(1 / plan.InterTokenLatency.TotalSeconds)} tokens/s each, for "
                + $"{Short(Percentile(r))} of 100 in the busiest minute";
        return $"{r.Load}: {replicas}{on.Model} in {on.Weights} by {on.Engine} on {gpus} ("
            + (plan.Machines == 1 ? "" : $"{N(plan.Machines)} of ") + $"{plan.Offer.Machine}), {money}{times}.";
    }

    private static void WriteTable(PlanResult result, ServiceRequirements r, int top, TextWriter output)
    {
        bool many = result.Plans.Select(plan => plan.Deployment.Model.Name).Distinct().Skip(1).Any();
        bool batch = r.Load.BatchRequests is not null;
        Table table = Of([.. many ? ["model"] : Array.Empty<string>(), "GPUs", "weights", "engine", "basis"],
            ["longest context", .. batch ? ["hours"] : (string[])["first token, s", "tokens/s each", r.Load.Users is null
                ? "requests/s" : "users"], batch ? "USD" : "USD a month", "USD a million tokens"]);
        foreach (Plan plan in result.Plans.Take(top))
        {
            Deployment on = plan.Deployment;
            string gpus = (plan.Replicas == 1 ? "" : $"{N(plan.Replicas)} × ")
                + $"{on.Placement.Gpus} {on.Gpu}" + (plan.Machines * plan.Offer.Gpus > plan.Replicas * on.Placement.Gpus
                    ? $" of {N(plan.Machines * plan.Offer.Gpus)}" : "");
            table.Row([.. many ? [on.Model.Name] : Array.Empty<string>(), gpus, on.Weights.Name, on.Engine!.Name,
                BasisWord.Of(plan.Basis), plan.LargestContext is { } context ? N(context) : "",
                .. batch ? [Short(plan.BatchHours!.Value)] : (string[])[Short(plan.TimeToFirstToken.TotalSeconds),
                    Short(1 / plan.InterTokenLatency.TotalSeconds), plan.UsersServed is { } users ? N(users)
                    : Short(plan.RequestsPerSecond)],
                N(plan.Usd), Short(plan.Cost.UsdPerMillion)]);
        }

        output.WriteTable(table);
    }

    /// <summary>Rent, buy or API, in a line.</summary>
    public static void WriteRentOrBuy(RentOrBuy one, TextWriter output)
    {
        string?[] parts =
        [
            one.Rent is { } rent ? $"rent {N(one.RentUsdPerMonth!.Value)} USD a month ({rent.Machine})" : null,
            one.Buy is null ? null : $"buy {N(one.BuyUsd!.Value)} USD at once, {N(one.BuyUsdPerMonth!.Value)} a month in all"
                + (one.MonthsToBreakEven is { } months ? $", even with renting after {Short(months)} months" : "")
                + (one.ShareToBreakEven is { } share ? $" or from {Short(100 * share)} % of the hours" : ""),
            one.Api is { } api ? $"API {N(one.ApiUsdPerMonth!.Value)} USD a month ({api.Provider} {api.Model})"
                + (one.RequestsToBreakEven is { } requests ? $", even at {N(requests)} requests a month"
                    : ", cheaper at any load that these machines bear") : null,
        ];
        if (parts.OfType<string>().Any())
        {
            output.WriteLine(string.Join("; ", parts.OfType<string>()) + ".");
        }
    }

    private static string Nearest(NearestMiss? nearest) => nearest switch
    {
        null => "",
        { Unlimited: null } => " No limit is the reason: see what fell out.",
        { Moves.Count: 0, Unlimited: { } plan } => string.Create(CultureInfo.InvariantCulture,
            $" No single limit is the reason. Without limits: {plan}; first token ")
            + string.Create(CultureInfo.InvariantCulture,
                $"{plan.TimeToFirstToken.TotalMilliseconds:#,0} ms, ")
            + string.Create(CultureInfo.InvariantCulture, $"between tokens {plan.InterTokenLatency.TotalMilliseconds:0.#} ms."),
        _ => " " + string.Join(" ", nearest.Moves.Select(move => string.Create(CultureInfo.InvariantCulture,
            $"{Name(move.Limit)} {move.Needed:#,0.##} would do instead of {move.Asked:#,0.##}: {move.By}."))),
    };

    private static string N(double number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Short(double number) =>
        number.ToString(number < 10 ? "0.##" : number < 100 ? "0.#" : "#,0", CultureInfo.InvariantCulture);
}
