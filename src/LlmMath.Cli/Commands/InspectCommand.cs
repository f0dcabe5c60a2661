using System.CommandLine;
using System.Text.Json;
using LlmMath.Cli.Output;
using LlmMath.Cli.Remote;
using LlmMath.Interchange;
using static LlmMath.Cli.Output.Tables;

namespace LlmMath.Cli.Commands;

/// <summary><c>llmmath inspect</c>: what a file says of itself, and how it compares with a definition.</summary>
internal static class InspectCommand
{
    private const int ShownNames = 20;

    public static Command Create(TextWriter output)
    {
        var file = new Argument<string>("FILE")
        {
            Description = "A GGUF or safetensors file, a safetensors index, or a config.json; its https address; or hf:ORG/NAME. "
                + "Only headers are read, or fetched.",
        };
        var against = new Option<string?>("--against")
        {
            Description = "Compare tensor by tensor with this model: a catalog entry or a file. Exit status 3 where they differ.",
            HelpName = "MODEL",
        };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("inspect", "Read a checkpoint's header.") { file, against, json };
        command.SetAction(parsed => Run(parsed.GetValue(file)!, parsed.GetValue(against), parsed.GetValue(json), output));
        return command;
    }

    private static int Run(string file, string? against, bool json, TextWriter output)
    {
        if (!HubAddress.IsRemote(file) && !File.Exists(file))
        {
            throw new CliException($"\"{file}\" is not a file.");
        }

        ModelArgument subject = HubAddress.IsRemote(file) ? ModelArgument.ResolveRemote(file, wantsHeader: true)
            : ModelArgument.ResolveFile(file);
        CheckpointComparison? comparison = null;
        if (against is not null)
        {
            ModelDefinition definition = ModelArgument.Resolve(against).Required;
            comparison = subject.Header is { } header
                ? CheckpointComparison.Of(header, definition)
                : throw new CliException($"{file}: a config.json lists no tensors; --against compares a checkpoint.");
        }

        if (json)
        {
            JsonOut.Write(output, writer => WriteJson(writer, subject, comparison));
        }
        else
        {
            WriteTables(subject, comparison, output);
        }

        return comparison is { Matches: false } ? ExitStatus.No : ExitStatus.Done;
    }

    private static void WriteTables(ModelArgument subject, CheckpointComparison? comparison, TextWriter output)
    {
        if (subject.Header is not { } header)
        {
            ModelDefinition config = subject.Required;
            output.WriteLine(
                $"{subject.Name}: config.json, {config.Architecture.Family}, {Counted(config.ParameterCount(), "parameter")}");
            return;
        }

        output.WriteLine($"{subject.Name}: {header.Format}, {Counted(header.Tensors.Count, "tensor")}, "
            + $"{Counted(header.Parameters, "parameter")}, {new ByteSize(header.Bytes)}");
        if (subject.Definition is { } definition)
        {
            output.WriteLine($"  model: {definition.Id} ({definition.Architecture.Family}), "
                + $"{Counted(definition.ParameterCount(), "parameter")} by its definition");
        }

        if (subject.Problem is { } problem)
        {
            output.WriteLine("  no model: " + problem);
        }

        Table table = Of(texts: ["type"], numbers: ["tensors", "parameters", "bytes"]);
        foreach (IGrouping<string, StoredTensor> type in ByType(header).OrderByDescending(type => type.Sum(t => t.Bytes)))
        {
            table.Row(type.Key, N(type.Count()), N(type.Sum(t => t.Elements)), N(type.Sum(t => t.Bytes)));
        }

        output.WriteTable(table);
        if (comparison is not null)
        {
            WriteComparison(comparison, output);
        }
    }

    private static IEnumerable<IGrouping<string, StoredTensor>> ByType(CheckpointHeader header) =>
        header.Tensors.GroupBy(tensor => tensor.Type);

    private static void WriteComparison(CheckpointComparison c, TextWriter output)
    {
        output.WriteLine($"  {Counted(c.Matched, "tensor")} {(c.Matched == 1 ? "matches" : "match")} {c.Against}"
            + (c.Matches ? "" : $"; {N(c.MissingCount)} missing, "
            + $"{N(c.Unexpected.Count)} unexpected, {N(c.Mismatched.Count)} of another shape"));
        List("missing", c.Missing, c.MissingCount);
        List("unexpected", c.Unexpected, c.Unexpected.Count);
        List("of another shape", [.. c.Mismatched.Select(m => $"{m.Name}: {m.Found}, expected {m.Expected}")],
            c.Mismatched.Count);
        List("beyond the decoder", c.Beyond, c.Beyond.Count);

        void List(string title, ValueList<string> names, long count)
        {
            foreach (string name in names.Take(ShownNames))
            {
                output.WriteLine($"    {title}: {name}");
            }

            if (count > ShownNames)
            {
                output.WriteLine($"    {title}: … {N(count - ShownNames)} more; --json lists "
                    + (count == names.Count ? "all" : N(names.Count)));
            }
        }
    }

    private static void WriteJson(Utf8JsonWriter writer, ModelArgument subject, CheckpointComparison? comparison)
    {
        writer.WriteStartObject();
        CheckpointHeader? header = subject.Header;
        ModelDefinition? model = subject.Definition;
        writer.WriteString("format", header?.Format ?? "config.json");
        writer.WriteNumber("tensors", header?.Tensors.Count ?? model!.Architecture.TensorCount);
        writer.WriteNumber("parameters", header?.Parameters ?? model!.ParameterCount());
        writer.NumberOrNull("bytes", header?.Bytes);
        writer.WriteString("model", model?.Id);
        if (subject.Problem is { } problem)
        {
            writer.WriteString("modelProblem", problem);
        }

        writer.WriteString("family", model?.Architecture.Family);
        writer.NumberOrNull("modelParameters", model?.ParameterCount());
        AssumedFields.Write(writer, model);
        if (header is not null)
        {
            writer.Objects("types", ByType(header), type =>
            {
                writer.WriteString("type", type.Key);
                writer.WriteNumber("tensors", type.Count());
                writer.WriteNumber("parameters", type.Sum(t => t.Elements));
                writer.WriteNumber("bytes", type.Sum(t => t.Bytes));
            });
        }

        if (comparison is not null)
        {
            writer.WriteString("against", comparison.Against);
            writer.WriteNumber("matched", comparison.Matched);
            writer.WriteNumber("missingCount", comparison.MissingCount);
            writer.Array("missing", comparison.Missing, writer.WriteStringValue);
            writer.Array("unexpected", comparison.Unexpected, writer.WriteStringValue);
            writer.Objects("mismatched", comparison.Mismatched, m =>
            {
                writer.WriteString("name", m.Name);
                writer.WriteString("expected", m.Expected);
                writer.WriteString("found", m.Found);
            });
            writer.Array("beyondDecoder", comparison.Beyond, writer.WriteStringValue);
        }

        writer.WriteEndObject();
    }
}
