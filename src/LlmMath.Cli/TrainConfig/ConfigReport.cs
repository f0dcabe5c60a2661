using System.Text.Json;
using LlmMath.Cli.Output;

namespace LlmMath.Cli.TrainConfig;

/// <summary>What was read of configuration files, and what would make their run fit.</summary>
/// <param name="Config">What they say.</param>
/// <param name="Fixes">The cheapest changes after which it fits.</param>
/// <param name="Assumed">What was chosen beside them.</param>
internal sealed record ConfigReport(ConfigAnswer Config, IReadOnlyList<ConfigFix> Fixes, IReadOnlyList<string> Assumed)
{
    private string Tool => Config.Files[0].Tool;

    /// <summary>In words.</summary>
    public void Text(TextWriter output)
    {
        Table table = Tables.Of(["read from " + string.Join(", ", Config.Files.Select(file => $"{file.Tree.File} ({file.Tool})")),
            "as"], []);
        foreach (ConfigWord word in Config.Words)
        {
            table.Row(word.Path, $"{word.Option} {word.Value}");
        }

        output.WriteTable(table);
        foreach (string path in Config.NotUnderstood)
        {
            output.WriteLine("not understood, and not reckoned: " + path);
        }

        foreach (ConfigFix fix in Fixes)
        {
            output.WriteLine($"it fits with {Words(fix)}"
                + (fix.Slowdown is { } slower ? $"; a step then takes {Tables.N(slower, 1)} times as long" : ""));
        }
    }

    /// <summary>As a field of the answer in JSON.</summary>
    public void Json(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("config");
        writer.Objects("files", Config.Files, file =>
        {
            writer.WriteString("file", file.Tree.File);
            writer.WriteString("tool", file.Tool);
        });
        writer.Objects("reads", Config.Words, word =>
        {
            writer.WriteString("key", word.Path);
            writer.WriteString("option", word.Option);
            writer.WriteString("value", word.Value);
            writer.WriteBoolean("said", word.IsStated);
        });
        writer.Array("notUnderstood", Config.NotUnderstood, writer.WriteStringValue);
        writer.Objects("fitsWith", Fixes, fix =>
        {
            writer.Array("knobs", fix.Knobs, writer.WriteStringValue);
            writer.WriteString("change", Words(fix));
            writer.NumberOrNull("slowdown", fix.Slowdown);
        });
        writer.WriteEndObject();
    }

    private string Words(ConfigFix fix) =>
        string.Join(" and ", fix.Knobs.Select(knob => ConfigKnobs.In(Tool, knob) is { } key ? $"{key} ({knob})" : knob));
}
