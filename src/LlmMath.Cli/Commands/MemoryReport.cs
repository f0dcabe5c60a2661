using System.Text.Json;
using LlmMath.Cli.Output;
using LlmMath.Interchange;
using static LlmMath.Cli.Output.Tables;

namespace LlmMath.Cli.Commands;

/// <summary>Writes the answers of <c>llmmath memory</c>.</summary>
internal static class MemoryReport
{
    public static void Text(MemoryAnswer answer, bool explain, TextWriter output, TextWriter error)
    {
        if (answer.Error is not null)
        {
            error.WriteLine("llmmath: " + answer.Error);
            return;
        }

        MemoryEstimate e = answer.Estimate;
        (Deployment deployment, Workload workload) = (e.Deployment, e.Workload);
        output.WriteLine($"{answer.Model}: {e.Total} with weights in "
            + $"{(deployment.StoredWeights is null ? deployment.Weights.Name : "the checkpoint's formats")}, "
            + $"cache in {CacheName(deployment)}, batch {N(workload.Requests)}, "
            + $"context {N(workload.Context)}, {deployment.Placement}, "
            + (e.Engine is { Memory: not null } engine ? $"in {engine}" : "without activations and runtime"));
        SpeedReport.WriteSides(deployment, workload, output);
        output.WriteTable(explain ? Working(e) : Parts(e));
        if (answer.Assumed is { } assumed)
        {
            output.WriteLine("  " + assumed);
        }

        if (answer.Chosen.Count > 0)
        {
            output.WriteLine($"  assumed: {string.Join("; ", answer.Chosen)}");
        }

        // The first of a misfit's is the line below.
        foreach (string warning in Warnings(answer).Skip(answer.Estimate.Fits == false ? 1 : 0))
        {
            output.WriteLine("  warning: " + warning);
        }

        if (answer.Reads is { Fits: false, Fit: { } side })
        {
            output.WriteLine($"  GPUs that read prompts: does not fit {side.Gpu.Name}: {side.Need} of {side.Room}, "
                + $"{side.Missing} too much");
        }

        if (answer.Fit is { } fit)
        {
            output.WriteLine(fit.Fits
                ? $"  fits {fit.Gpu.Name}: {fit.Need} of {fit.Room}; largest context {Number(answer.LargestContext)}, "
                    + $"largest batch {Number(answer.LargestBatch)}"
                : $"  does not fit {fit.Gpu.Name}: {fit.Need} of {fit.Room}, {fit.Missing} too much");
            if (answer.Experts is { } experts)
            {
                output.WriteLine(
                    $"  with {experts.Placement}: {experts.GpuBytes} on the GPU, {experts.HostBytes} in system memory");
            }

            if (answer.Offload is { } split && split.GpuLayers < split.AllLayers)
            {
                output.WriteLine($"  with -ngl {split.GpuLayers} of {split.AllLayers}: {split.GpuBytes} on the GPU, "
                    + $"{split.HostBytes} in system memory");
            }

            foreach (MemoryAdvice advice in Advice(answer))
            {
                output.WriteLine($"  {advice.Change} saves {advice.Saves}{(advice.Fits ? ", and fits" : "")}");
            }
        }
    }

    public static void Json(Utf8JsonWriter writer, MemoryAnswer answer, bool explain)
    {
        if (answer.Error is not null)
        {
            writer.WriteStartObject();
            writer.WriteString("model", answer.Model);
            writer.WriteString("error", answer.Error);
            writer.WriteEndObject();
            return;
        }

        MemoryFigures figures = answer.Estimate.Figures(explain) with
        {
            Model = answer.Model,
            Gpu = answer.Gpu,
            Fits = answer.Fits,
            RoomBytes = answer.Fit?.Room.Bytes,
            MaxContext = answer.LargestContext,
            MaxBatch = answer.LargestBatch,
            MinGpus = answer.Fewest?.Gpus,
            GpuLayers = answer.Offload?.GpuLayers,
            FittingTensors = (answer.Fit is { Fits: false } ? answer.Experts?.Placement : null)?.ToString(),
            Assumed = answer.Chosen,
            Warnings = [.. Warnings(answer)],
            Advice = [.. Advice(answer).Select(advice => new AdviceFigure(advice.Change, advice.Saves.Bytes, advice.Fits))],
        };
        JsonSerializer.Serialize(writer, figures, FiguresContext.Default.MemoryFigures);
    }

    private static Table Parts(MemoryEstimate e)
    {
        Table table = Of(["part", "size"], ["bytes"]);
        foreach ((string name, ByteSize size) in new[]
        {
            ("weights", e.Weights), ("keys, values and states", e.KeyValueCache), ("activations", e.Activations),
            ("runtime", e.Runtime), ("additions", e.Additions), ("total", e.Total), ("fullest GPU", e.PerGpu),
            ("system memory", e.Host),
        })
        {
            if (size.Bytes > 0 || name is not ("additions" or "system memory"))
            {
                table.Row(name, size.ToString(), N(size.Bytes));
            }
        }

        return table;
    }

    private static Table Working(MemoryEstimate e)
    {
        Table table = Of(["term", "formula"], ["bytes", "running total"]);
        foreach (DerivationLine line in e.Explain())
        {
            table.Row(line.Term, line.Formula, N(line.Value), N(line.Total));
        }

        return table;
    }

    // Advice is about one kind of GPU.
    private static ValueList<MemoryAdvice> Advice(MemoryAnswer answer) =>
        answer is { IsMixed: false, Fit: { Fits: false } fit }
            ? MemoryAdvice.For(answer.Estimate)
            : [];

    // Of GPUs of one kind the estimate knows.
    private static IEnumerable<string> Warnings(MemoryAnswer answer) =>
        answer.Estimate.Warnings().Concat(answer is { IsMixed: true, Fit.Warning: { } warning } ? [warning] : []);

    private static string CacheName(Deployment deployment) =>
        deployment.Keys == deployment.Values ? deployment.Keys.Name : $"{deployment.Keys}/{deployment.Values}";

    private static string Number(long? number) => number is { } value ? N(value) : "none";
}
