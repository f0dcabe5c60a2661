using System.Text.Json;
using LlmMath.Cli.Output;
using LlmMath.Training;
using static LlmMath.Cli.Output.Tables;

namespace LlmMath.Cli.Commands;

/// <summary>An answer of <c>llmmath train</c> in words and in JSON.</summary>
internal static class TrainReport
{
    public static void Json(Utf8JsonWriter writer, string model, TrainQuestion asked, TrainingEstimate e, double? price,
        bool explain)
    {
        TrainingMemory memory = e.Memory;
        writer.WriteStartObject();
        writer.WriteString("model", model);
        writer.WriteString("gpu", asked.On.Gpu?.Name);
        writer.WriteNumber("gpus", asked.On.Placement.Gpus);
        writer.WriteString("trainer", asked.On.Engine?.Name);
        writer.WriteNumber("trainableParameters", e.TrainableParameters);
        writer.WriteNumber("perGpuBytes", memory.Process.Expected.Bytes);
        writer.WriteNumber("allocatedBytes", memory.Allocated.Bytes);
        writer.WriteNumber("reservedBytes", memory.Reserved.Expected.Bytes);
        writer.WriteNumber("hostBytes", memory.Host.Bytes);
        writer.WriteString("peak", Words(memory.Moment));
        writer.Objects("parts", memory.Parts, part =>
        {
            writer.WriteString("name", part.Name);
            writer.WriteNumber("bytes", part.Size.Bytes);
        });
        writer.WriteNumber("flops", e.Flops.PerToken * asked.Run.Tokens);
        writer.WriteNumber("flops6nd", e.Flops.SixTimesParameters * asked.Run.Tokens);
        TrainingSpeed? speed = e.Speed;
        Range(writer, "tokensPerSecondPerGpu", speed?.TokensPerSecondPerGpu);
        Range(writer, "stepMs", speed is null ? null : Of(speed.Step, time => time.TotalMilliseconds));
        writer.Objects("phases", speed?.Phases ?? [], phase =>
        {
            writer.WriteString("name", phase.Name);
            writer.WriteNumber("ms", phase.Milliseconds);
        });
        Range(writer, "gpuHours", speed?.GpuHours);
        Range(writer, "hours", speed is null ? null : Of(speed.Whole, time => time.TotalHours));
        Range(writer, "costUsd", Cost(speed, price));
        Range(writer, "mfu", speed?.Mfu);
        writer.WriteString("basis", Words(speed?.Basis ?? memory.Basis));
        if (memory.Fits is { } fits)
        {
            writer.WriteBoolean("fits", fits);
        }
        else
        {
            writer.WriteNull("fits");
        }

        writer.Objects("saves", e.Savings(), saving =>
        {
            writer.WriteString("knob", saving.Knob);
            writer.WriteNumber("bytes", saving.Saved.Bytes);
            writer.WriteNumber("slowdown", saving.Slowdown);
        });
        writer.Array("warnings", Warnings(asked, e), writer.WriteStringValue);
        writer.Array("assumed", asked.Assumed, writer.WriteStringValue);
        if (explain)
        {
            writer.Objects("explain", memory.Explain(), line =>
            {
                writer.WriteString("term", line.Term);
                writer.WriteString("formula", line.Formula);
                writer.WriteNumber("bytes", line.Value);
            });
        }

        writer.WriteEndObject();
    }

    public static void Text(string model, TrainQuestion asked, TrainingEstimate e, double? price, bool explain, TextWriter output,
        TextWriter error)
    {
        TrainingMemory memory = e.Memory;
        output.WriteLine($"{model}, {asked.Run.Method} by {asked.On.Engine} on {asked.On.Placement.Gpus} × "
            + $"{asked.On.Gpu?.Name ?? "any GPU"}; chosen: {string.Join(", ", asked.Assumed)}");
        if (memory.Fits == false)
        {
            error.WriteLine($"llmmath: it does not fit: {memory.Fit!.Value.Missing} too much at {Words(memory.Moment)}. "
                + Remedy(e));
        }

        Table table = Tables.Of(["of the fullest GPU, at " + Words(memory.Moment)], ["bytes"]);
        foreach (MemoryPart part in memory.Parts)
        {
            table.Row(part.Name, N(part.Size.Bytes));
        }

        table.Row("allocated", N(memory.Allocated.Bytes));
        table.Row("reserved", N(memory.Reserved.Expected.Bytes));
        table.Row("process", N(memory.Process.Expected.Bytes));
        output.WriteTable(table);
        output.WriteLine($"trained parameters: {N(e.TrainableParameters)}; {e.Flops.Explain(asked.Run.Tokens)}");
        if (e.Speed is { } speed)
        {
            Table times = Tables.Of([""], ["low", "expected", "high"]);
            Row(times, "tokens/s, one GPU", speed.TokensPerSecondPerGpu);
            Row(times, "GPU-hours", speed.GpuHours);
            Row(times, "hours", Of(speed.Whole, time => time.TotalHours));
            Row(times, "MFU, %", new(speed.Mfu.Low * 100, speed.Mfu.Expected * 100, speed.Mfu.High * 100));
            if (Cost(speed, price) is { } cost)
            {
                Row(times, "US dollars", cost);
            }

            output.WriteTable(times);
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

    // The change that slows least of those after which it fits.
    private static string Remedy(TrainingEstimate e) => e.Savings().FirstOrDefault(saving => saving.Fits == true) is { } one
        ? $"It fits with {one.Knob}, {one.Saved} less."
        : $"No single change fits; the largest is {e.Savings().MaxBy(saving => saving.Saved.Bytes)?.Knob ?? "more GPUs"}.";

    private static IEnumerable<string> Warnings(TrainQuestion asked, TrainingEstimate e)
    {
        if (e.Memory.Basis == Basis.Bound)
        {
            yield return $"memory of {asked.On.Engine} was not compared with measured runs here: it rests on formulas.";
        }

        if (e.Speed is null)
        {
            yield return asked.On.Gpu is null ? "no --gpu: no time."
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

    private static void Range(Utf8JsonWriter writer, string name, RateRange? range)
    {
        if (range is not { } known)
        {
            writer.WriteNull(name);
            return;
        }

        writer.WriteStartObject(name);
        writer.WriteNumber("low", known.Low);
        writer.WriteNumber("expected", known.Expected);
        writer.WriteNumber("high", known.High);
        writer.WriteEndObject();
    }

    private static string Words(TrainingMoment moment) => moment switch
    {
        TrainingMoment.EndOfForward => "end-of-forward",
        TrainingMoment.Loss => "loss",
        TrainingMoment.LastLayerBackward => "last-layer-backward",
        TrainingMoment.FirstLayerBackward => "first-layer-backward",
        _ => "optimizer-step",
    };

    private static string Words(Basis basis) => basis.ToString().ToLowerInvariant();
}
