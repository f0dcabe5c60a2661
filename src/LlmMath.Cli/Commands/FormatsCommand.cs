using System.CommandLine;
using LlmMath.Cli.Output;
using static LlmMath.Cli.Output.Tables;

namespace LlmMath.Cli.Commands;

/// <summary><c>llmmath formats</c>: the formats of weights and of caches, and which engines load them.</summary>
internal static class FormatsCommand
{
    public static Command Create(TextWriter output)
    {
        Option<string?> engine = new("--engine") { Description = "Only formats that this engine loads.", HelpName = "E" };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("formats", "List the formats of weights and of caches, and the engines that load them.")
        {
            engine, json,
        };
        command.SetAction(parsed => Run(parsed.GetValue(engine), parsed.GetValue(json), output));
        return command;
    }

    private static int Run(string? name, bool json, TextWriter output)
    {
        Engine? only = name is null ? null : Found(name);
        List<Row> rows =
        [
            .. WeightFormat.All.Select(format => new Row(format.Name, "weights", format.ElementBits, Engines(
                engine => engine.Supports(format, CacheFormat.Fp16) || engine.Supports(format, CacheFormat.Bf16)))),
            .. CacheFormat.All.Select(format => new Row(format.Name, "cache", format.BitsPerElement,
                Engines(engine => engine.Load.Caches?.Contains(format.Name) ?? true))),
        ];
        rows.RemoveAll(row => only is not null && !row.Engines.Contains(only.Name));
        if (json)
        {
            JsonOut.Write(output, writer => writer.Objects(null, rows, row =>
            {
                writer.WriteString("name", row.Name);
                writer.WriteString("id", row.Name);
                writer.WriteString("of", row.Of);
                writer.NumberOrNull("bits", row.Bits);
                writer.Array("engines", row.Engines, writer.WriteStringValue);
            }));
            return ExitStatus.Done;
        }

        Table table = Of(texts: ["format", "of", "engines"], numbers: ["bits"]);
        foreach (Row row in rows)
        {
            bool isOfAll = row.Engines.Count == EngineCatalog.All.Count;
            table.Row(row.Name, row.Of, isOfAll ? "every engine" : string.Join(", ", row.Engines), N(row.Bits, 1));
        }

        output.WriteTable(table);
        output.WriteLine("Bits of an element: of weights without scales, none for a mix of several; of caches with scales.");
        return ExitStatus.Done;
    }

    private static Engine Found(string name)
    {
        try
        {
            return EngineCatalog.Load(name);
        }
        catch (UnknownNameException unknown)
        {
            throw new CliException("--engine: " + unknown.Message, unknown);
        }
    }

    private static List<string> Engines(Func<Engine, bool> loads) =>
        [.. EngineCatalog.All.Where(loads).Select(engine => engine.Name)];

    private sealed record Row(string Name, string Of, double? Bits, List<string> Engines);
}
