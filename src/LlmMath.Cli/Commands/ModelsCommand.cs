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
        var since = new Option<string?>("--since")
        {
            Description = "Only models that a source says were published from then on: 2026, 2026-01 or 2026-01-31.",
            HelpName = "YYYY-MM",
        };
        var search = new Option<string?>("--search")
        {
            Description = "Only models whose name, id, alias or family holds all of these words.", HelpName = "S",
        };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("models", "List the models of the catalog.") { family, since, search, json };
        command.SetAction(parsed =>
            Run(parsed.GetValue(family), parsed.GetValue(since), parsed.GetValue(search), parsed.GetValue(json), output));
        return command;
    }

    private static int Run(string? family, string? since, string? search, bool json, TextWriter output)
    {
        ValueList<ModelDefinition> all = ModelCatalog.All;
        RequireDate(since);
        string[] words = search?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        List<ModelDefinition> ofFamily = [.. all.Where(model =>
            family is null || string.Equals(model.Architecture.Family, family, StringComparison.OrdinalIgnoreCase))];
        if (ofFamily.Count == 0)
        {
            string[] families = [.. all.Select(m => m.Architecture.Family).Distinct().Order(StringComparer.Ordinal)];
            throw new CliException($"--family: no model of the catalog is of \"{family}\".{Suggestion.For(family!, families)} "
                + $"Families: {string.Join(", ", families)}.");
        }

        List<ModelDefinition> found = [.. ofFamily.Where(model => words.All(word => Holds(model, word)))];
        List<ModelDefinition> models = [.. found.Where(model => since is null || IsSince(model, since))];
        if (json)
        {
            WriteJson(models, output);
            return ExitStatus.Done;
        }

        WriteTable(models, output);
        if (since is not null && found.Count(model => model.ReleaseDate is null) is > 0 and var undated)
        {
            output.WriteLine($"{Counted(undated, "more model")} {(undated == 1 ? "has" : "have")} no date that a source gives.");
        }

        return ExitStatus.Done;
    }

    private static void RequireDate(string? since)
    {
        string[] forms = ["yyyy", "yyyy-MM", "yyyy-MM-dd"];
        if (since is not null && !DateOnly.TryParseExact(since, forms, out _))
        {
            throw new CliException(
                $"--since: \"{since}\" is no date; a year, a month or a day is right: 2026, 2026-01, 2026-01-31.");
        }
    }

    // A date without its day, or month, counts from its first on.
    private static bool IsSince(ModelDefinition model, string since) => model.ReleaseDate is { } date
        && string.CompareOrdinal(First(date), First(since)) >= 0;

    private static string First(string date) => date + "-01-01"[Math.Min(date.Length - 4, 6)..];

    private static bool Holds(ModelDefinition model, string word) =>
        model.Aliases.Append(model.Name).Append(model.Id).Append(model.Architecture.Family)
            .Any(name => name.Contains(word, StringComparison.OrdinalIgnoreCase));

    private static void WriteTable(List<ModelDefinition> models, TextWriter output)
    {
        Table table = Of(texts: ["model", "family"], numbers: ["parameters", "active", "layers", "context", "released"]);
        foreach (ModelDefinition m in models)
        {
            long parameters = m.ParameterCount(), active = m.ActiveParameterCount();
            table.Row(m.Name, m.Architecture.Family, N(parameters), active == parameters ? "" : N(active),
                N(m.Architecture.LayerCount), m.Architecture.ContextLength is { } context ? N(context) : "", m.ReleaseDate ?? "");
        }

        output.WriteTable(table);
    }

    private static void WriteJson(List<ModelDefinition> models, TextWriter output) =>
        JsonOut.Write(output, writer => writer.Objects(null, models, m =>
        {
            writer.WriteString("name", m.Name);
            writer.WriteString("id", m.Id);
            writer.Array("aliases", m.Aliases, writer.WriteStringValue);
            writer.WriteString("family", m.Architecture.Family);
            writer.WriteNumber("parameters", m.ParameterCount());
            writer.WriteNumber("activeParameters", m.ActiveParameterCount());
            writer.WriteNumber("layers", m.Architecture.LayerCount);
            writer.NumberOrNull("contextLength", m.Architecture.ContextLength);
            writer.WriteString("released", m.ReleaseDate);
        }));
}
