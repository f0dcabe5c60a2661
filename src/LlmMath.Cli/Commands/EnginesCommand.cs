using System.CommandLine;
using System.Text.Json;
using LlmMath.Cli.Output;
using LlmMath.Engines;
using static LlmMath.Cli.Output.Tables;

namespace LlmMath.Cli.Commands;

/// <summary><c>llmmath engines</c>: the engines of the catalog, and what is known of each.</summary>
internal static class EnginesCommand
{
    public static Command Create(TextWriter output)
    {
        Option<bool> json = CommonOptions.Json();
        var command = new Command("engines", "List the engines of the catalog: whose memory and whose speed is known.") { json };
        command.SetAction(parsed => Run(parsed.GetValue(json), output));
        return command;
    }

    private static int Run(bool json, TextWriter output)
    {
        ValueList<Engine> engines = EngineCatalog.All;
        if (json)
        {
            JsonOut.Write(output, writer => writer.Objects(null, engines, engine => WriteFields(writer, engine)));
            return ExitStatus.Done;
        }

        Table table = Of(texts: ["engine", "memory", "speed", "loads", "also"], numbers: []);
        foreach (Engine engine in engines)
        {
            table.Row(engine.Name, Memory(engine) ?? "not known", Speed(engine) ?? "not known",
                string.Join(", ", engine.Load.Formats ?? ["every format"]), string.Join(", ", engine.Aliases));
        }

        output.WriteTable(table);
        foreach (Engine engine in engines)
        {
            if (engine.MemoryUnknown is { } noMemory)
            {
                output.WriteLine($"{engine}, memory not known: {noMemory}");
            }

            if (engine.SpeedUnknown is { } noSpeed)
            {
                output.WriteLine($"{engine}, speed not known: {noSpeed}");
            }
        }

        return ExitStatus.Done;
    }

    private static string? Memory(Engine engine) =>
        engine.Memory is not { } memory ? null : memory.IsMeasured ? "measured" : "guessed";

    private static string? Speed(Engine engine) => engine.Speed is not { } speed ? null
        : Rows(speed) is > 0 and var rows ? $"{N(rows)} rows" : "a bound";

    private static long Rows(EngineSpeed speed) => speed.Generations.Sum(generation => (long)generation.Rows);

    private static void WriteFields(Utf8JsonWriter writer, Engine engine)
    {
        writer.WriteString("name", engine.Name);
        writer.WriteString("id", engine.DisplayName);
        writer.Array("aliases", engine.Aliases, writer.WriteStringValue);
        writer.WriteString("memory", Memory(engine));
        writer.WriteString("memoryUnknown", engine.MemoryUnknown);
        writer.NumberOrNull("speedRows", engine.Speed is { } speed ? Rows(speed) : (long?)null);
        writer.WriteString("speedUnknown", engine.SpeedUnknown);
        writer.WriteString("version", engine.Speed?.Version);
        writer.Array("releases", (engine.Speed?.Releases ?? []).Select(release => release.Version), writer.WriteStringValue);
        Names(writer, "weights", WeightFormat.All, format => engine.Supports(format, CacheFormat.Fp16));
        Names(writer, "kv", CacheFormat.All, format => engine.Load.Caches?.Contains(format.Name) ?? true);
    }

    private static void Names<T>(Utf8JsonWriter writer, string name, ValueList<T> formats, Func<T, bool> has) =>
        writer.Array(name, formats.Where(has), format => writer.WriteStringValue(format!.ToString()));
}
