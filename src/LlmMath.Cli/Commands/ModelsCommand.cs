using System.CommandLine;
using LlmMath.Cli.Output;
using static LlmMath.Cli.Output.Tables;

namespace LlmMath.Cli.Commands;

/// <summary><c>llmmath models</c>: what is in the catalog.</summary>
internal static class ModelsCommand
{
    public static Command Create(TextWriter output)
    {
        var family = new Option<string?>("--family") { Description = "Only models of this model_type.", HelpName = "F" };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("models", "List the models of the catalog.") { family, json };
        command.SetAction(parsed => Run(parsed.GetValue(family), parsed.GetValue(json), output));
        return command;
    }

    private static int Run(string? family, bool json, TextWriter output)
    {
        ValueList<ModelDefinition> all = ModelCatalog.All;
        List<ModelDefinition> models = [.. all.Where(model =>
            family is null || string.Equals(model.Architecture.Family, family, StringComparison.OrdinalIgnoreCase))];
        if (models.Count == 0)
        {
            string[] families = [.. all.Select(m => m.Architecture.Family).Distinct().Order(StringComparer.Ordinal)];
            throw new CliException($"--family: no model of the catalog is of \"{family}\".{Suggestion.For(family!, families)} "
                + $"Families: {string.Join(", ", families)}.");
        }

        if (json)
        {
            WriteJson(models, output);
        }
        else
        {
            WriteTable(models, output);
        }

        return ExitStatus.Done;
    }

    private static void WriteTable(List<ModelDefinition> models, TextWriter output)
    {
        Table table = Of(texts: ["model", "family"], numbers: ["parameters", "active", "layers", "context"]);
        foreach (ModelDefinition m in models)
        {
            long parameters = m.ParameterCount(), active = m.ActiveParameterCount();
            table.Row(m.Name, m.Architecture.Family, N(parameters), active == parameters ? "" : N(active),
                N(m.Architecture.LayerCount), m.Architecture.ContextLength is { } context ? N(context) : "");
        }

        output.WriteTable(table);
    }

    private static void WriteJson(List<ModelDefinition> models, TextWriter output) =>
        JsonOut.Write(output, writer => writer.Objects(null, models, m =>
        {
            writer.WriteString("name", m.Name);
            writer.WriteString("id", m.Id);
            writer.WriteString("family", m.Architecture.Family);
            writer.WriteNumber("parameters", m.ParameterCount());
            writer.WriteNumber("activeParameters", m.ActiveParameterCount());
            writer.WriteNumber("layers", m.Architecture.LayerCount);
            writer.NumberOrNull("contextLength", m.Architecture.ContextLength);
        }));
}
