using static LlmMath.Fuzz.PropertyException;

namespace LlmMath.Fuzz.Estimates;

/// <summary>How fast a model answers.</summary>
internal static class SpeedSurface
{
    public static Surface Surface { get; } = new("estimates/speed",
        "`Speed`, `Explain`, `CacheComparison`: an estimate, or a documented exception; no NaN, infinity or "
        + "negative figure, low ≤ expected ≤ high, first token and the tokens after it add up to the whole, as the working "
        + "does",
        Try);

    private static bool Try(Trial trial)
    {
        Random random = trial.Random;
        ModelDefinition model = Models.Next(trial);
        trial.Input = () => Models.Shown(model);
        return Refusal.Answers(() =>
        {
            Workload workload = Settings.Workload(random, model);
            Deployment deployment = Settings.Served(random, model);
            trial.Input = () => $"{Models.Shown(model)}; {Models.Shown(deployment)}; {workload}";
            InferenceEstimate e = deployment.Speed(workload);
            trial.Did("estimates");
            CheckFigures(e);
            if (random.OneIn(4))
            {
                CheckUse(e);
                trial.Did("utilizations");
            }

            if (random.OneIn(8))
            {
                CheckWorking(e);
                trial.Did("workings");
            }

            if (random.OneIn(16))
            {
                CheckComparison(e);
                trial.Did("cache comparisons");
            }
        });
    }

    private static void CheckFigures(in InferenceEstimate e)
    {
        Ordered(e.TimeToFirstToken, "first token");
        Ordered(e.InterTokenLatency, "time between tokens");
        Ordered(e.TotalTime, "whole time");
        Ordered(e.TokensPerSecond, "tokens a second");
        Ordered(e.TokensPerSecondPerUser, "tokens a second of a user");
        Ordered(e.TokensPerSecondPerGpu, "tokens a second of a GPU");
        Require(e.RunningRequests >= 0 && e.RunningRequests <= Math.Max(e.Workload.Requests, e.Deployment.Placement.Gpus),
            "requests run, and no more than there are", e.RunningRequests);
        Require(Enum.IsDefined(e.Bottleneck) && Enum.IsDefined(e.Basis), "bottleneck and basis have names");
        AddsUp(e, static time => time.Low);
        AddsUp(e, static time => time.Expected);
        AddsUp(e, static time => time.High);
    }

    // To what times are rounded to, each.
    private static void AddsUp(in InferenceEstimate e, Func<TimeRange, TimeSpan> of)
    {
        double intervals = e.Workload.OutputTokens - 1, most = TimeSpan.MaxValue.TotalSeconds;
        double sum = of(e.TimeToFirstToken).TotalSeconds + (intervals * of(e.InterTokenLatency).TotalSeconds);
        double rounding = (intervals + 2) / TimeSpan.TicksPerSecond;
        double total = of(e.TotalTime).TotalSeconds;
        Require(Math.Abs(total - Math.Min(sum, most)) <= rounding + (1e-9 * sum), "first token and the rest add up to the whole",
            (total, sum));
    }

    private static void CheckUse(in InferenceEstimate e)
    {
        double utilization = e.Utilization;
        Require(utilization is >= 0 and <= 1, "utilization is in 0..1", utilization);
        Require(e.JoulesPerToken is null || (double.IsFinite(e.JoulesPerToken.Value)
            && e.JoulesPerToken >= 0), "joules are finite",
            e.JoulesPerToken);
    }

    private static void CheckWorking(in InferenceEstimate e)
    {
        double parts = 0;
        foreach (SpeedLine line in e.Explain())
        {
            Require(double.IsFinite(line.Seconds) && line.Seconds >= 0, "a line's seconds are finite", line);
            Require(!line.Formula.Contains("NaN", StringComparison.Ordinal)
                && !line.Formula.Contains('∞'), "a formula has numbers", line);
            if (line.Term == "decode: pass")
            {
                Require(Math.Abs(parts - line.Seconds) <= 1e-9 * line.Seconds, "a decoding pass is the sum of its parts",
                    (parts, line));
            }

            parts = line.Term is "decode: pass" ? 0 : parts + line.Seconds;
            if (line.Term == "prefill: one prompt")
            {
                Require(Math.Abs(parts - (2 * line.Seconds)) <= 1e-9 * line.Seconds, "reading a prompt is the sum of its parts",
                    (parts, line));
            }
        }

        double expected = e.TotalTime.Expected.TotalSeconds, total = e.Explain()[^1].Seconds;
        Require(Math.Abs(total - expected) <= ((e.Workload.OutputTokens + 2.0) / TimeSpan.TicksPerSecond) + (1e-9 * total)
            || total >= TimeSpan.MaxValue.TotalSeconds * 0.97, "the working ends at the whole time", (total, expected));
    }

    private static void CheckComparison(in InferenceEstimate e)
    {
        try
        {
            var compared = CacheComparison.Of(e);
            Require(compared.CacheBytes.Bytes >= 0 && compared.Recomputed >= TimeSpan.Zero
                && compared.CachedBound >= TimeSpan.Zero
                && compared.Cached >= TimeSpan.Zero, "no figure of a comparison is negative", compared);
        }
        catch (OverflowException)
        {
            // Documented: a bound beyond 29,000 years.
        }
    }

    private static void Ordered(TimeRange time, string what) =>
        Require(time.Low >= TimeSpan.Zero && time.Low <= time.Expected && time.Expected <= time.High, "low ≤ expected ≤ high",
            (what, time));

    private static void Ordered(RateRange rate, string what)
    {
        Require(double.IsFinite(rate.Low) && double.IsFinite(rate.Expected)
            && double.IsFinite(rate.High), "no rate is NaN or infinite",
            (what, rate));
        Require(rate.Low >= 0 && rate.Low <= rate.Expected && rate.Expected <= rate.High, "low ≤ expected ≤ high", (what, rate));
    }
}
