using System.CommandLine;
using System.Text.Json;
using LlmMath.Cli.Doctor;
using LlmMath.Cli.Output;
using static LlmMath.Cli.Output.Tables;

namespace LlmMath.Cli.Commands;

/// <summary><c>llmmath doctor</c>: what this machine is, and what runs well on it.</summary>
internal static class DoctorCommand
{
    public static Command Create(TextWriter output) => Create(output, () => new());

    /// <summary>The same with other eyes.</summary>
    internal static Command Create(TextWriter output, Func<MachineEyes> eyes)
    {
        Option<bool> json = CommonOptions.Json();
        var command = new Command("doctor",
            "What this machine is: processor, memory and its measured bandwidth, GPUs, engines; what runs well on it.")
        {
            json,
        };
        command.SetAction(parsed =>
        {
            var machine = Machine.Of(eyes());
            IReadOnlyList<ModelHere> models = WellKnown.On(machine);
            if (parsed.GetValue(json))
            {
                JsonOut.Write(output, writer => Json(writer, machine, models));
            }
            else
            {
                Text(output, machine, models);
            }

            return ExitStatus.Done;
        });
        return command;
    }

    private static string Well => $"well: it fits, {ModelHere.LeastRate:0} tokens a second and more, and "
        + $"{ModelHere.MostSeconds:0} seconds or less to the first of a prompt of {N(ModelHere.Prompt)} tokens, as expected of "
        + "llama.cpp for one user";

    private static void Text(TextWriter output, Machine machine, IReadOnlyList<ModelHere> models)
    {
        output.WriteLine($"processor: {Shown(machine.ProcessorName) ?? "not known"}"
            + (machine.Processor is { } processor ? $" ({processor})" : ""));
        output.WriteLine($"memory: {new ByteSize(machine.MemoryBytes)}"
            + (machine.Measured is { } measured
                ? $", read at {N(measured.Gpu.BytesPerSecond, 1e9)} GB/s by {N(measured.Threads)} threads" : ""));
        foreach (FoundGpu gpu in machine.Gpus)
        {
            output.WriteLine($"GPU: {gpu.Count} × {Shown(gpu.Seen.Name)}{(gpu.Entry is { } entry ? $" ({entry})" : "")}"
                + (gpu.Seen.MemoryBytes is { } bytes ? $", {new ByteSize(bytes)}" : "")
                + (gpu.Seen.Driver is { } driver ? $", driver {Shown(driver)}" : ""));
        }

        foreach (FoundEngine engine in machine.Engines)
        {
            output.WriteLine($"engine: {engine.Name} at {Shown(engine.Path)}"
                + (engine.Version is { } version ? $": {Shown(version)}" : ""));
        }

        Table table = Of(["model", "weights", "runs"], ["tokens/s", "from", "to", "first token, ms"]);
        foreach (ModelHere model in models)
        {
            RateRange? rate = model.Estimate?.TokensPerSecondPerUser;
            table.Row(model.Model.Name, model.Weights.Name, How(model), N(rate?.Expected, 1), N(rate?.Low, 1), N(rate?.High, 1),
                N(model.Estimate?.TimeToFirstToken.Expected.TotalMilliseconds, 1));
        }

        output.WriteTable(table);
        string largest = models.LastOrDefault(model => model.IsWell)?.Model.Name ?? "none";
        output.WriteLine($"The largest of these that runs well here: {largest} ({Well}).");
        foreach (string missing in machine.NotFound)
        {
            output.WriteLine("not found out: " + Shown(missing));
        }
    }

    private static void Json(Utf8JsonWriter writer, Machine machine, IReadOnlyList<ModelHere> models)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("processor");
        writer.WriteString("name", machine.ProcessorName);
        writer.WriteString("catalog", machine.Processor?.Name);
        writer.WriteNumber("threads", Environment.ProcessorCount);
        writer.WriteEndObject();
        writer.WriteNumber("memoryBytes", machine.MemoryBytes);
        writer.NumberOrNull("memoryBytesPerSecond", machine.Measured?.Gpu.BytesPerSecond);
        writer.Objects("gpus", machine.Gpus, gpu =>
        {
            writer.WriteString("name", gpu.Seen.Name);
            writer.WriteString("catalog", gpu.Entry?.Name);
            writer.WriteNumber("count", gpu.Count);
            writer.NumberOrNull("memoryBytes", gpu.Seen.MemoryBytes);
            writer.WriteString("driver", gpu.Seen.Driver);
            writer.WriteString("from", gpu.Seen.From);
        });
        writer.Objects("engines", machine.Engines, engine =>
        {
            writer.WriteString("name", engine.Name);
            writer.WriteString("path", engine.Path);
            writer.WriteString("version", engine.Version);
        });
        writer.WriteString("device", WellKnown.Device(machine)?.Name);
        writer.Objects("models", models, model =>
        {
            writer.WriteString("name", model.Model.Name);
            writer.WriteString("weights", model.Weights.Name);
            writer.WriteBoolean("fits", model.Fits);
            writer.WriteBoolean("runsWell", model.IsWell);
            writer.WriteString("tensors", model.Estimate?.Deployment.Tensors?.ToString());
            Range(writer, "tokensPerSecond", model.Estimate?.TokensPerSecondPerUser);
            writer.NumberOrNull("timeToFirstTokenMs", model.Estimate?.TimeToFirstToken.Expected.TotalMilliseconds);
            writer.WriteString("basis", model.Estimate is { } e ? e.Figures().Basis : null);
        });
        writer.WriteString("largest", models.LastOrDefault(model => model.IsWell)?.Model.Name);
        writer.Array("notFound", machine.NotFound, writer.WriteStringValue);
        writer.Array("warnings", models.Select(model => model.Problem).OfType<string>().Distinct(), writer.WriteStringValue);
        writer.Array("assumed", [Well], writer.WriteStringValue);
        writer.WriteEndObject();
    }

    private static string How(ModelHere model) => model.Estimate is null ? "not known" : !model.Fits ? "does not fit"
        : (model.IsWell ? "well" : "slowly") + (model.Estimate.Value.Deployment is { Gpu.IsProcessor: false, Tensors: not null }
            ? ", part of it in system memory" : "");

    private static void Range(Utf8JsonWriter writer, string name, RateRange? range)
    {
        if (range is not { } rates)
        {
            writer.WriteNull(name);
            return;
        }

        writer.WriteStartObject(name);
        writer.WriteNumber("low", rates.Low);
        writer.WriteNumber("expected", rates.Expected);
        writer.WriteNumber("high", rates.High);
        writer.WriteEndObject();
    }

    private static string? Shown(string? text) => text is null ? null : Visible.Of(text);
}
