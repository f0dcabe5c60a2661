using System.Text.Json;
using LlmMath.Cli.Output;
using Spectre.Console;
using static LlmMath.Cli.Output.Tables;

namespace LlmMath.Cli.Commands;

/// <summary>An answer of <c>llmmath speed</c> in words and in JSON.</summary>
internal static class SpeedReport
{
    public static void Json(Utf8JsonWriter writer, SpeedAnswer answer, JsonElement? id, bool explain)
    {
        InferenceEstimate e = answer.Estimate;
        writer.WriteStartObject();
        if (id is { } given)
        {
            writer.WritePropertyName("id");
            given.WriteTo(writer);
        }

        writer.WriteString("model", answer.Model);
        writer.WriteString("gpu", e.Gpu.Name);
        writer.WriteNumber("gpus", e.Workload.Parallelism.Gpus);
        writer.WriteNumber("tp", e.Workload.Parallelism.Tensor);
        writer.WriteNumber("pp", e.Workload.Parallelism.Pipeline);
        writer.WriteString("engine", e.Engine.Name);
        writer.WriteString("weights", e.Weights.Name);
        writer.WriteString("kv", (e.Workload.Cache ?? CacheFormat.Bf16).Name);
        writer.WriteNumber("batch", e.Workload.Batch);
        writer.WriteNumber("prompt", e.Workload.PromptTokens);
        writer.WriteNumber("output", e.Workload.OutputTokens);
        Range(writer, "timeToFirstTokenMs", e.TimeToFirstToken);
        Range(writer, "interTokenLatencyMs", e.InterTokenLatency);
        Range(writer, "totalMs", e.TotalTime);
        Range(writer, "outputTokensPerSecond", e.TokensPerSecond);
        Range(writer, "outputTokensPerSecondPerUser", e.TokensPerSecondPerUser);
        Range(writer, "outputTokensPerSecondPerGpu", e.TokensPerSecondPerGpu);
        writer.NumberOrNull("joulesPerToken", e.JoulesPerToken);
        writer.WriteNumber("runningRequests", e.RunningRequests);
        writer.WriteNumber("steadyStateRequests", Math.Round(e.SteadyStateRequests, 2));
        writer.WriteString("bottleneck", Words(e.Bottleneck));
        writer.WriteString("basis", Words(e.Basis));
        writer.WriteBoolean("dequantizesWeights", e.DequantizesWeights);
        if (answer.Fits is { } fits)
        {
            writer.WriteBoolean("fits", fits);
        }
        else
        {
            writer.WriteNull("fits");
        }

        writer.Array("warnings", Misfit(answer).Concat(Cautions(e)).Concat(Doubts(answer)), writer.WriteStringValue);
        if (explain)
        {
            writer.Array("explain", e.Explain(), line =>
            {
                writer.WriteStartObject();
                writer.WriteString("term", line.Term);
                writer.WriteString("formula", line.Formula);
                writer.WriteNumber("ms", line.Seconds * 1e3);
                writer.WriteEndObject();
            });
        }

        writer.WriteEndObject();
    }

    public static void Text(SpeedAnswer answer, bool explain, TextWriter output, TextWriter error)
    {
        InferenceEstimate e = answer.Estimate;
        Parallelism over = e.Workload.Parallelism;
        output.WriteLine($"{answer.Model} in {e.Weights.Name} on {over.Gpus} × {e.Gpu.Name}"
            + (over.Gpus > 1 ? $" (TP {over.Tensor}, PP {over.Pipeline})" : "") + $" with {e.Engine.DisplayName}");
        Table table = Of([""], ["low", "expected", "high"]);
        Row(table, "first token, ms", e.TimeToFirstToken);
        Row(table, "between tokens, ms", e.InterTokenLatency);
        Row(table, "whole answer, ms", e.TotalTime);
        Row(table, "tokens/s, all requests", e.TokensPerSecond);
        Row(table, "tokens/s, one user", e.TokensPerSecondPerUser);
        Row(table, "tokens/s, one GPU", e.TokensPerSecondPerGpu);
        output.WriteTable(table);
        output.WriteLine($"bottleneck: {Words(e.Bottleneck)}; basis: {Words(e.Basis)}"
            + (e.JoulesPerToken is { } joules ? $"; about {N(joules, 1)} J a token" : ""));
        foreach (string caution in Cautions(e))
        {
            output.WriteLine(caution);
        }

        foreach (string doubt in Doubts(answer))
        {
            output.WriteLine("warning: " + doubt);
        }

        foreach (string misfit in Misfit(answer))
        {
            error.WriteLine($"llmmath: {misfit} See: llmmath memory");
        }

        if (explain)
        {
            Table working = Of(["term", "formula"], ["ms"]);
            foreach (SpeedLine line in e.Explain())
            {
                working.Row(line.Term, line.Formula, N(line.Seconds, 1e-3));
            }

            output.WriteTable(working);
            WriteCacheTable(e, output);
        }
    }

    // Why a cache: the memory that it takes, and the time that it saves.
    private static void WriteCacheTable(InferenceEstimate e, TextWriter output)
    {
        CacheComparison cache = CacheComparison.Of(e);
        Table table = Of(["a request alone"], ["cache, bytes", "whole answer, ms"]);
        table.Row("bound: every token recomputes its context, one operation a parameter", "0",
            N(cache.Recomputed.TotalMilliseconds, 1));
        table.Row("bound: keys and values cached", N(cache.CacheBytes.Bytes), N(cache.CachedBound.TotalMilliseconds, 1));
        table.Row("expected: keys and values cached", N(cache.CacheBytes.Bytes), N(cache.Cached.TotalMilliseconds, 1));
        output.WriteTable(table);
    }

    private static IEnumerable<string> Misfit(SpeedAnswer answer) => answer.Memory is { Fits: false } fit
        ? [$"{answer.Model} does not fit {fit.Gpu}: {fit.Need} of {fit.Room}."]
        : [];

    // What the figures rest on, and what takes time that a reader would not expect.
    private static IEnumerable<string> Cautions(InferenceEstimate e)
    {
        if (OfBasis(e) is { } caution)
        {
            yield return caution;
        }

        if (e.DequantizesWeights)
        {
            yield return $"{e.Gpu.Name} has no {e.Weights.Name} rate: weights are widened to 16 bits before they are multiplied.";
        }

        if (e.RunningRequests < e.Workload.Batch)
        {
            yield return $"The cache has room for {N(e.RunningRequests, 1)} requests of this length at once: the others wait.";
        }
    }

    private static IEnumerable<string> Doubts(SpeedAnswer answer) =>
        answer.Memory is { Warning: { } warning } ? [warning] : [];

    private static string? OfBasis(InferenceEstimate e) => e.Basis switch
    {
        Basis.Interpolated =>
            $"{e.Engine.DisplayName} was measured on other GPUs of this generation, not on {e.Gpu.Name}: the range is wider.",
        Basis.Extrapolated => $"{e.Engine.DisplayName} was not measured on {e.Gpu.Architecture ?? "this hardware"}: "
            + "what other hardware reaches stands in for it, and the range is wide.",
        Basis.Bound => "Nothing was measured: every peak reached, nothing else taking time. Real engines take longer.",
        _ => null,
    };

    private static void Row(Table table, string name, TimeRange range) => table.Row(
        name, N(range.Low.TotalMilliseconds, 1), N(range.Expected.TotalMilliseconds, 1), N(range.High.TotalMilliseconds, 1));

    private static void Row(Table table, string name, RateRange range) =>
        table.Row(name, N(range.Low, 1), N(range.Expected, 1), N(range.High, 1));

    private static void Range(Utf8JsonWriter writer, string name, TimeRange range) =>
        Range(writer, name,
            new RateRange(range.Low.TotalMilliseconds, range.Expected.TotalMilliseconds, range.High.TotalMilliseconds));

    private static void Range(Utf8JsonWriter writer, string name, RateRange range)
    {
        writer.WriteStartObject(name);
        writer.WriteNumber("low", range.Low);
        writer.WriteNumber("expected", range.Expected);
        writer.WriteNumber("high", range.High);
        writer.WriteEndObject();
    }

    private static string Words(Bottleneck bottleneck) => bottleneck switch
    {
        Bottleneck.WeightBandwidth => "weight-bandwidth",
        Bottleneck.CacheBandwidth => "cache-bandwidth",
        Bottleneck.Compute => "compute",
        Bottleneck.Attention => "attention",
        Bottleneck.Communication => "communication",
        Bottleneck.Overhead => "overhead",
        Bottleneck.ActivationBandwidth => "activation-bandwidth",
        _ => "interleaved-prefill",
    };

    private static string Words(Basis basis) => basis switch
    {
        Basis.Measured => "measured",
        Basis.Interpolated => "interpolated",
        Basis.Extrapolated => "extrapolated",
        _ => "bound",
    };
}
