using System.Text.Json;
using LlmMath.Cli.Output;
using LlmMath.Planning;

namespace LlmMath.Cli.Commands;

/// <summary>An answer of <c>llmmath plan</c> in JSON.</summary>
internal static class PlanJson
{
    public static void Write(Utf8JsonWriter writer, PlanQuestion asked, PlanResult result)
    {
        ServiceRequirements r = asked.Requirements;
        writer.WriteStartObject();
        writer.Objects("plans", result.Plans, plan => Plan(writer, plan, r));
        writer.WritePropertyName("rentOrBuy");
        if (result.Best is { } best && r.Load.BatchRequests is null)
        {
            RentOrBuyOf(writer, RentOrBuy.Of(best, r));
        }
        else
        {
            writer.WriteNullValue();
        }

        writer.Objects("dropped", result.Dropped, drop =>
        {
            writer.WriteString("reason", drop.Text);
            writer.WriteNumber("count", drop.Count);
        });
        writer.WritePropertyName("nearest");
        if (result.Nearest is { } nearest)
        {
            writer.WriteStartObject();
            writer.Objects("moves", nearest.Moves, move =>
            {
                writer.WriteString("limit", PlanReport.Name(move.Limit));
                writer.WriteNumber("asked", move.Asked);
                writer.WriteNumber("needed", move.Needed);
                writer.WriteString("by", move.By);
            });
            writer.WritePropertyName("withoutLimits");
            if (nearest.Unlimited is { } plan)
            {
                writer.WriteStartObject();
                Plan(writer, plan, r);
                writer.WriteEndObject();
            }
            else
            {
                writer.WriteNullValue();
            }

            writer.WriteEndObject();
        }
        else
        {
            writer.WriteNullValue();
        }

        writer.WriteNumber("candidates", result.Candidates);
        writer.WriteNumber("estimated", result.Estimated);
        writer.WriteString("percentileBasis", PlanResult.PercentileBasis);
        writer.WriteString("notLookedAt", PlanResult.NotLookedAt);
        writer.Array("warnings", result.Best?.Warnings(Today) ?? [], writer.WriteStringValue);
        writer.Array("assumed", asked.Assumed, writer.WriteStringValue);
        writer.WriteEndObject();
    }

    public static DateOnly Today => DateOnly.FromDateTime(DateTime.UtcNow);

    private static void Plan(Utf8JsonWriter writer, Plan plan, ServiceRequirements r)
    {
        Deployment on = plan.Deployment;
        writer.WriteString("model", on.Model.Name);
        writer.WriteString("weights", on.Weights.Name);
        writer.WriteString("gpu", on.Gpu!.Name);
        writer.WriteNumber("gpus", on.Placement.Gpus * plan.Replicas);
        writer.WriteNumber("tp", on.Placement.Tensor);
        writer.WriteNumber("pp", on.Placement.Pipeline);
        writer.WriteNumber("replicas", plan.Replicas);
        writer.WriteNumber("machines", plan.Machines);
        writer.WriteString("machine", plan.Offer.Machine);
        writer.WriteString("engine", on.Engine!.Name);
        writer.WriteNumber("requestsAtOnce", plan.RequestsAtOnce);
        writer.WriteNumber("timeToFirstTokenMs", plan.TimeToFirstToken.TotalMilliseconds);
        writer.WriteNumber("interTokenLatencyMs", plan.InterTokenLatency.TotalMilliseconds);
        writer.WriteNumber("totalMs", plan.EndToEnd.TotalMilliseconds);
        writer.WriteNumber("percentile", PlanReport.Percentile(r));
        writer.NumberOrNull("maxContext", plan.LargestContext);
        writer.NumberOrNull("usersServed", plan.UsersServed);
        writer.WriteNumber("requestsPerSecond", plan.RequestsPerSecond);
        writer.WriteNumber("usdPerHour", plan.UsdPerHour);
        writer.WriteNumber("usd", plan.Usd);
        writer.WriteNumber("usdPerMillionTokens", plan.Cost.UsdPerMillion);
        writer.NumberOrNull("usdPerUserMonth", plan.Cost.UsdPerUserMonth);
        writer.WriteNumber("busyShare", plan.BusyShare);
        writer.NumberOrNull("batchHours", plan.BatchHours);
        QualityOf(writer, on, r);
        writer.WriteString("launch", Launch(plan));
        writer.WriteString("basis", BasisWord.Of(plan.Basis));
        writer.NumberOrNull("chance", plan.Chance);
        writer.WriteString("priceSource", plan.Offer.Source.Where);
        writer.WriteString("priceDate", PlanReport.Day(plan.Offer.Date));
    }

    // The scores that were asked for, else those of most models; and what the format costs.
    private static void QualityOf(Utf8JsonWriter writer, Deployment on, ServiceRequirements r)
    {
        ValueList<BenchmarkScore> scores = Quality.ScoresOf(on.Model);
        ValueList<FormatLoss> losses = Quality.LossOf(on.Model, on.Weights);
        writer.WriteStartObject("quality");
        writer.Objects("scores", r.Quality.Count == 0 ? scores.Take(5) : scores.Where(score =>
            r.Quality.Any(floor => floor.Benchmark == score.Benchmark)), score => QualityReport.Score(writer, score));
        writer.Objects("losses", losses, loss => QualityReport.Loss(writer, loss));
        writer.WriteEndObject();
    }

    // Null where the engine's flags were not read, or it needs a checkpoint that nobody named.
    private static string? Launch(Plan plan)
    {
        try
        {
            return LaunchCommand.Of(plan).ToString();
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Rent, buy or API as an object.</summary>
    public static void RentOrBuyOf(Utf8JsonWriter writer, RentOrBuy one)
    {
        writer.WriteStartObject();
        writer.WriteString("rent", one.Rent?.Machine);
        writer.NumberOrNull("rentUsdPerMonth", one.RentUsdPerMonth);
        writer.WriteString("buy", one.Buy?.Machine);
        writer.NumberOrNull("buyUsd", one.BuyUsd);
        writer.NumberOrNull("buyUsdPerMonth", one.BuyUsdPerMonth);
        writer.NumberOrNull("monthsToBreakEven", one.MonthsToBreakEven);
        writer.NumberOrNull("shareToBreakEven", one.ShareToBreakEven);
        writer.WriteString("api", one.Api is { } api ? $"{api.Provider} {api.Model}" : null);
        writer.NumberOrNull("apiUsdPerRequest", one.ApiUsdPerRequest);
        writer.NumberOrNull("apiUsdPerMonth", one.ApiUsdPerMonth);
        writer.NumberOrNull("requestsToBreakEven", one.RequestsToBreakEven);
        writer.WriteEndObject();
    }
}
