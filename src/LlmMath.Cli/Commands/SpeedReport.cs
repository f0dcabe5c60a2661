using System.Text.Json;
using LlmMath.Cli.Output;
using static LlmMath.Cli.Output.Tables;

namespace LlmMath.Cli.Commands;

/// <summary>An answer of <c>llmmath speed</c> in words and in JSON.</summary>
internal static class SpeedReport
{
    public static void Json(Utf8JsonWriter writer, SpeedAnswer answer, JsonElement? id, bool explain)
    {
        InferenceEstimate e = answer.Estimate;
        Deployment deployment = e.Deployment;
        writer.WriteStartObject();
        if (id is { } given)
        {
            writer.WritePropertyName("id");
            given.WriteTo(writer);
        }

        writer.WriteString("model", answer.Model);
        writer.WriteString("gpu", deployment.Gpu?.Name);
        writer.WriteNumber("gpus", deployment.Placement.Gpus);
        writer.WriteNumber("tp", deployment.Placement.Tensor);
        writer.WriteNumber("pp", deployment.Placement.Pipeline);
        writer.WriteNumber("dp", deployment.Placement.Data);
        writer.WriteNumber("ep", deployment.Placement.Expert);
        writer.WriteString("engine", e.Engine.Name);
        writer.WriteString("weights", deployment.Weights.Name);
        writer.WriteString("kv", deployment.Keys.Name);
        writer.WriteNumber("batch", e.Workload.Requests);
        writer.WriteNumber("prompt", e.Workload.PromptTokens);
        writer.WriteNumber("cached", e.Workload.CachedPromptTokens);
        writer.WriteNumber("output", e.Workload.OutputTokens);
        writer.WriteString("arrival", e.Workload.Arrival is { } how
            ? SpeedAnswer.Arrivals.Single(known => known.Arrival == how).Word
            : e.Engine.Speed is { IsContinuous: true } ? "closed-loop" : "together");
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

        writer.WriteString("tensors", deployment.Tensors?.ToString());
        writer.WriteNumber("hostBytes", deployment.Memory(e.Workload).Host.Bytes);
        writer.Array("assumed", answer.Assumed, writer.WriteStringValue);
        writer.Array("warnings", e.Warnings(), writer.WriteStringValue);
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
        Parallelism over = e.Deployment.Placement;
        output.WriteLine($"{answer.Model} in {e.Deployment.Weights.Name} on {over.Gpus} × {e.Deployment.Gpu?.Name}"
            + (over.Gpus > 1 ? $" (TP {over.Tensor}, PP {over.Pipeline})" : "") + $" with {e.Engine}");
        // First what says no, then the figures, as if it fitted.
        bool isMisfit = answer.Fits == false, takesHost = isMisfit && e.Fits == true;
        if (isMisfit)
        {
            error.WriteLine(takesHost ? $"llmmath: {answer.Model} does not fit {e.Deployment.Gpu}. See: llmmath memory"
                : $"llmmath: {e.Warnings()[0]} See: llmmath memory");
            output.WriteLine(takesHost ? $"Not all fits the GPU. With {e.Deployment.Tensors}, so that it does:"
                : "It does not fit. As fast as if it did:");
        }

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
        if (answer.Assumed.Count > 0)
        {
            output.WriteLine($"assumed: {string.Join("; ", answer.Assumed)}");
        }

        foreach (string warning in e.Warnings().Skip(isMisfit && !takesHost ? 1 : 0))
        {
            output.WriteLine("warning: " + warning);
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
