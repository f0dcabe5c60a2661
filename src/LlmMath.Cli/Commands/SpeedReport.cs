using System.Text.Json;
using LlmMath.Cli.Output;
using LlmMath.Interchange;
using static LlmMath.Cli.Output.Tables;

namespace LlmMath.Cli.Commands;

/// <summary>An answer of <c>llmmath speed</c> in words and in JSON.</summary>
internal static class SpeedReport
{
    public static void Json(Utf8JsonWriter writer, SpeedAnswer answer, JsonElement? id, bool explain)
    {
        SpeedFigures figures = answer.Estimate.Figures(explain) with
        {
            Model = answer.Model,
            Fits = answer.Fits,
            Assumed = answer.Assumed,
        };
        if (id is not { } given)
        {
            JsonSerializer.Serialize(writer, figures, FiguresContext.Default.SpeedFigures);
            return;
        }

        writer.WriteStartObject();
        writer.WritePropertyName("id");
        given.WriteTo(writer);
        foreach (JsonProperty field in JsonSerializer.SerializeToElement(figures, FiguresContext.Default.SpeedFigures)
            .EnumerateObject())
        {
            field.WriteTo(writer);
        }

        writer.WriteEndObject();
    }

    public static void Text(SpeedAnswer answer, bool explain, TextWriter output, TextWriter error)
    {
        InferenceEstimate e = answer.Estimate;
        Parallelism over = e.Deployment.Placement;
        output.WriteLine($"{answer.Model} in {e.Deployment.Weights.Name} on {over.Gpus} × {e.Deployment.Gpu?.Name}"
            + (over.Gpus > 1 ? $" (TP {over.Tensor}, PP {over.Pipeline})" : "") + $" with {e.Engine}");
        WriteSides(e.Deployment, e.Workload, output);
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
        SpeedFigures figures = e.Figures();
        output.WriteLine($"bottleneck: {figures.Bottleneck}; basis: {figures.Basis}{Rows(e)}"
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
            output.WriteLine(e.Evidence());
            WriteCacheTable(e, output);
        }
    }

    private static string Rows(InferenceEstimate e) => e.EvidenceRows == 0 ? ""
        : $" ({N((long)e.EvidenceRows)} row{(e.EvidenceRows == 1 ? "" : "s")} of "
            + $"{N((long)e.EvidenceSources)} source{(e.EvidenceSources == 1 ? "" : "s")})";

    // What each side holds, where GPUs of their own read prompts.
    public static void WriteSides(Deployment on, Workload workload, TextWriter output)
    {
        if (on.Prefill is { } side && on.PrefillMemory(workload) is { } reads)
        {
            MemoryEstimate writes = on.Memory(workload);
            output.WriteLine($"prompts are read on {side.Placement.Gpus} × {(side.Gpu ?? on.Gpu)?.Name} ({side.Placement}): "
                + $"{reads.PerGpu} a GPU; answers written on {on.Placement}: {writes.PerGpu} a GPU");
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
}
