using System.Globalization;
using System.Text;
using LlmMath.Basics;
using LlmMath.Engines;

namespace LlmMath.Calibration;

/// <summary>catalog/seen/engines.json: what was measured of each engine, and how wide its ranges are.</summary>
internal static class SeenFile
{
    /// <summary>Where it stands in the repository.</summary>
    public const string Path = "catalog/seen/engines.json";

    /// <summary>The file of some pools' rows, and of rows with drafted tokens.</summary>
    public static string Text(IEnumerable<RangeTrial> trials, IReadOnlyList<SpeculationRow> drafted) =>
        "{ \"engines\": [\n" + string.Join(",\n", trials.SelectMany(trial => EnginesOf(trial, drafted)).Select(Text)) + "\n] }\n";

    /// <summary>What is known of the engines of a pool.</summary>
    private static IEnumerable<EngineEvidence> EnginesOf(RangeTrial trial, IReadOnlyList<SpeculationRow> drafted)
    {
        bool drafts = trial.Rows.Any(p => drafted.Any(row => row.Group.Engine == p.Row.Engine.Name));
        foreach (var engine in trial.Rows.Select(p => p.Row).GroupBy(row => row.Engine.Name)
            .OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            double[] first = RangeWidths.Of(engine.Key, trial.Residuals, isFirst: true);
            double[] inter = RangeWidths.Of(engine.Key, trial.Residuals, isFirst: false);
            yield return new()
            {
                Engine = engine.Key,
                Sources = trial.SourcesOf(engine.Key),
                SourceFactor = trial.FactorOf(engine.Key),
                First = first,
                Inter = inter,
                Seen = SeenTable.Of(engine),
                Drafted = drafts ? DraftedRanges.Of(engine.Key, drafted) : null,
            };
        }
    }

    private static string Text(EngineEvidence of)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"  {{ \"engine\": \"{of.Engine}\", \"sources\": {of.Sources}, ")
            .Append(CultureInfo.InvariantCulture, $"\"source_factor\": {of.SourceFactor:0.##},\n    \"widths\": {{\n")
            .AppendJoin(",\n", EvidenceJson.Bases.Select((basis, i) => string.Create(CultureInfo.InvariantCulture,
                $"      \"{Words.Of(basis)}\": {{ \"first_token\": {of.First[i]:0.##}, "
                    + $"\"inter_token\": {of.Inter[i]:0.##} }}")))
            .Append(" },\n");
        if (of.Drafted is { } drafted)
        {
            text.Append(CultureInfo.InvariantCulture, $"    \"drafted\": {{ \"first_token\": {drafted.First:0.##}, "
                + $"\"inter_token\": {drafted.Inter:0.##}").Append(drafted.Seen.Count > 0 ? $", {Seen(drafted.Seen)}" : "")
                .Append(" },\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"    {Seen(of.Seen)} }}").ToString();
    }

    private static string Seen(ValueList<SeenRows> rows) => "\"seen\": [\n"
        + string.Join(",\n", rows.GroupBy(seen => (seen.Layers, seen.Weights)).Select(g =>
            $"      {{ \"layers\": [{Quoted(g.Key.Layers)}], \"weights\": \"{g.Key.Weights}\",\n        \"gpus\": ["
                + $"{Quoted(g.Select(seen => FormattableString.Invariant($"{seen.Gpu} {seen.Rows} {seen.Sources}")))}] }}"))
        + " ]";

    private static string Quoted(IEnumerable<string> texts) => string.Join(", ", texts.Select(text => $"\"{text}\""));
}
