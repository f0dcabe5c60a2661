using System.Text.Json;
using LlmMath.Cli.Output;
using LlmMath.Cli.TrainConfig;
using LlmMath.Interchange;
using LlmMath.Training;
using static LlmMath.Cli.Output.Tables;

namespace LlmMath.Cli.Commands;

/// <summary>An answer of <c>llmmath train</c> in words and in JSON.</summary>
internal static class TrainReport
{
    public static void Json(Utf8JsonWriter writer, string model, TrainQuestion asked, TrainingEstimate e, double? price,
        bool explain, ConfigReport? config)
    {
        TrainingFigures figures = e.Figures(price, explain) with
        {
            Model = model,
            Warnings = [.. Warnings(asked, e)],
            Assumed = [.. asked.Assumed],
        };
        if (config is null)
        {
            JsonSerializer.Serialize(writer, figures, FiguresContext.Default.TrainingFigures);
            return;
        }

        writer.WriteStartObject();
        foreach (JsonProperty figure in JsonSerializer.SerializeToElement(figures, FiguresContext.Default.TrainingFigures)
            .EnumerateObject())
        {
            figure.WriteTo(writer);
        }

        config.Json(writer);
        writer.WriteEndObject();
    }

    public static void Text(string model, TrainQuestion asked, TrainingEstimate e, double? price, bool explain,
        IReadOnlyList<ConfigFix> fixes, TextWriter output, TextWriter error)
    {
        (TrainingMemory memory, string peak) = (e.Memory, e.Figures().Peak);
        output.WriteLine($"{model}, {asked.Run.Method} by {asked.On.Engine} on {asked.On.Placement.Gpus} × "
            + $"{asked.On.Gpu?.Name ?? "any GPU"}; chosen: {string.Join(", ", asked.Assumed)}");
        if (memory.Fits == false)
        {
            error.WriteLine($"llmmath: it does not fit: {memory.Fit!.Value.Missing} too much at {peak}. "
                + Remedy(e, fixes));
        }

        Table table = Tables.Of(["of the fullest GPU, at " + peak], ["bytes"]);
        foreach (MemoryPart part in memory.Parts)
        {
            table.Row(part.Name, N(part.Size.Bytes));
        }

        table.Row("allocated", N(memory.Allocated.Bytes));
        table.Row("reserved", N(memory.Reserved.Expected.Bytes));
        table.Row("process", N(memory.Process.Expected.Bytes));
        foreach ((string place, ByteSize size) in new[]
        {
            ("host's memory, each GPU", memory.Host), ("drives, each GPU", memory.Nvme),
        })
        {
            if (size.Bytes > 0)
            {
                table.Row(place, N(size.Bytes));
            }
        }

        output.WriteTable(table);
        if (memory.Phases.Count > 0)
        {
            Table phases = Tables.Of(["phase, the fullest GPU"], ["bytes"]);
            foreach (MemoryPart phase in memory.Phases)
            {
                phases.Row(phase.Name, N(phase.Size.Bytes));
            }

            output.WriteTable(phases);
        }

        output.WriteLine($"trained parameters: {N(e.TrainableParameters)}; {e.Flops.Explain(asked.Run.Tokens)}");
        if (e.Speed is { } speed)
        {
            Table times = Tables.Of([""], ["low", "expected", "high"]);
            Row(times, "tokens/s, one GPU", speed.TokensPerSecondPerGpu);
            Row(times, "GPU-hours", speed.GpuHours);
            Row(times, "hours", Of(speed.Whole, time => time.TotalHours));
            Row(times, "goodput, %",
                new(speed.Goodput.Low * 100, speed.Goodput.Expected * 100, speed.Goodput.High * 100));
            Row(times, "MFU, %", new(speed.Mfu.Low * 100, speed.Mfu.Expected * 100, speed.Mfu.High * 100));
            if (Cost(speed, price) is { } cost)
            {
                Row(times, "US dollars", cost);
            }

            output.WriteTable(times);
            Table phases = Tables.Of(["of a step, ms"], ["low", "expected", "high"]);
            foreach (StepPhase phase in speed.Phases)
            {
                Row(phases, phase.Name, Of(phase.Range, time => time.TotalMilliseconds));
            }

            Row(phases, "step", Of(speed.Step, time => time.TotalMilliseconds));
            output.WriteTable(phases);
            if (speed.CheckpointInterval < TimeSpan.MaxValue)
            {
                output.WriteLine(speed.CheckpointInterval < speed.Whole.Expected
                    ? $"a checkpoint every {N(speed.CheckpointInterval.TotalMinutes, 1)} minutes loses least; it takes "
                        + $"{N(speed.Checkpoint.TotalSeconds, 1)} s"
                    : $"one checkpoint, at the end, loses least; it takes {N(speed.Checkpoint.TotalSeconds, 1)} s");
            }
        }

        foreach (string warning in Warnings(asked, e))
        {
            output.WriteLine("warning: " + warning);
        }

        if (explain)
        {
            Table working = Tables.Of(["term", "formula"], ["bytes"]);
            foreach (DerivationLine line in memory.Explain())
            {
                working.Row(line.Term, line.Formula, N(line.Value));
            }

            output.WriteTable(working);
        }
    }

    // The change that slows least of those after which it fits, or the fewest together.
    private static string Remedy(TrainingEstimate e, IReadOnlyList<ConfigFix> fixes) =>
        e.Savings().FirstOrDefault(saving => saving.Fits == true) is { } one
        ? $"It fits with {one.Knob}, {one.Saved} less."
        : fixes.MinBy(fix => fix.Knobs.Count) is { } some ? $"It fits with {string.Join(" and ", some.Knobs)} together."
        : "No three changes together make it fit, and no 1,024 GPUs; the largest is "
            + $"{e.Savings().MaxBy(saving => saving.Saved.Bytes)?.Knob ?? "more GPUs"}.";

    private static IEnumerable<string> Warnings(TrainQuestion asked, TrainingEstimate e)
    {
        if (e.Memory.Basis == Basis.Bound)
        {
            yield return $"memory of {asked.On.Engine} was not compared with measured runs here: it rests on formulas.";
        }

        if (e.Speed is null)
        {
            yield return asked.On.Gpu is null ? "no --gpu: no time."
                : asked.Run.Offload.HasFlag(Offload.Nvme) && asked.On.Node.NvmeBytesPerSecond is null
                ? "how fast the machine's drives are is not known: no time. Give --nvme GB/s."
                : $"nobody measured how fast {asked.On.Engine} trains: no time.";
        }

        if (asked.Run.Adapter is { } adapter)
        {
            foreach (string note in (IEnumerable<string>)asked.On.Model.Adapted(adapter).Notes())
            {
                yield return note;
            }
        }
    }

    private static RateRange? Cost(TrainingSpeed? speed, double? price) => speed is null || price is not { } usd ? null
        : new(speed.GpuHours.Low * usd, speed.GpuHours.Expected * usd, speed.GpuHours.High * usd);

    private static RateRange Of(TimeRange range, Func<TimeSpan, double> unit) =>
        new(unit(range.Low), unit(range.Expected), unit(range.High));

    private static void Row(Table table, string name, RateRange range) =>
        table.Row(name, N(range.Low, 1), N(range.Expected, 1), N(range.High, 1));
}
