using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace LlmMath.Calibration;

/// <summary>docs/ACCURACY.md: the text of accuracy.md beside this file, in which {{names}} stand for what is reckoned.</summary>
internal static partial class AccuracyDocument
{
    /// <summary>Where it stands in the repository.</summary>
    public const string Path = "docs/ACCURACY.md";

    /// <summary>The document.</summary>
    /// <param name="root">The repository's root.</param>
    /// <param name="held">The rows of speed, held out.</param>
    /// <exception cref="InvalidDataException">The text has a name that is not known, or lacks one that is.</exception>
    public static string Of(string root, IReadOnlyList<FittedRow> held)
    {
        IReadOnlyList<MemoryRow> memory = MemoryRows.Read(root);
        List<FittedRow> serving = [.. held.Where(p => Pool.Serving.Engines.Contains(p.Row.Engine.Name))];
        List<FittedRow> local = [.. held.Where(p => Pool.OneMachine.Engines.Contains(p.Row.Engine.Name))];
        List<FittedRow> today = [.. held.Where(p => Pool.Today.Engines.Contains(p.Row.Engine.Name))];
        RangeTrial[] trials = [new(serving), new(local), new(today)];
        var parts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["evidence"] = EvidenceTable.Of(held, memory),
            ["serving share"] = EvidenceTable.ServingShare(held).ToString("P0", CultureInfo.InvariantCulture),
            ["serving models"] = Count(serving.Select(p => p.Row.Model.ParameterCount())),
            ["serving groups"] = Count(serving.Select(p => p.Row.Group)),
            ["memory"] = MemoryText.Table(memory),
            ["memory held out"] = MemoryText.HeldOut(memory),
            ["memory worst"] = MemoryText.Worst(memory),
            ["memory fit"] = MemoryFitText.Table(memory),
            ["serving"] = SpeedTable.Of(serving, Asked.Serving, trials[0].Inside),
            ["serving groups between"] = GroupTable.Of(serving.Where(p => p.Row.Metric != Metric.FirstToken), 20),
            ["serving groups first"] = GroupTable.Of(serving.Where(p => p.Row.Metric == Metric.FirstToken), 10),
            ["bound"] = BoundTable.Of(serving),
            ["local bound"] = BoundTable.Of([.. local, .. today]),
            ["outside"] = OutsideTable.Of(OutsideRow.Read(root)),
            ["disaggregated"] = DisaggregatedTable.Of(DisaggregatedRow.Read(root)),
            ["speculation"] = SpeculationTable.Of(SpeculationRow.Read(root)),
            ["draft fit"] = DraftFit.InCatalog.ToString(),
            ["noise"] = NoiseTable.Of(serving),
            ["serving widths"] = WidthTable.Of(root, Pool.Serving.Engines),
            ["local"] = SpeedTable.Of(local, Asked.OneMachine, trials[1].Inside),
            ["ranges"] = CoverageTable.ByBasis(trials),
            ["whole"] = CoverageTable.ByPart(trials[..1]),
            ["source factor"] = CoverageTable.SourceFactors(trials),
            ["local groups"] = GroupTable.Of(local, 15),
            ["local widths"] = WidthTable.Of(root, Pool.OneMachine.Engines),
            ["today"] = TodayTable.Of(today),
            ["today vendors"] = TodayTable.Vendors(today),
            ["own shares"] = OwnTable.Shares(today),
            ["own"] = OwnTable.Of(today, serving),
            ["local memory"] = LocalMemoryRow.Table(LocalMemoryRow.Read(root)),
            ["kernels"] = KernelErrorTable.Of(root),
            ["history"] = HistoryTable.Of(root, held),
        };
        foreach ((string name, string table) in TrainingTables.Of(root))
        {
            parts.Add(name, table);
        }

        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("accuracy.md")!;
        using var reader = new StreamReader(stream);
        var unused = parts.Keys.ToHashSet();
        string text = Name().Replace(reader.ReadToEnd(), match =>
        {
            unused.Remove(match.Groups[1].Value);
            return parts.TryGetValue(match.Groups[1].Value, out string? part) ? part.TrimEnd('\n')
                : throw new InvalidDataException($"accuracy.md: nothing is called {match.Value}.");
        });
        return unused.Count == 0 ? text
            : throw new InvalidDataException($"accuracy.md lacks {string.Join(", ", unused)}.");
    }

    private static string Count<T>(IEnumerable<T> values) => values.Distinct().Count().ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\{\{([a-z ]+)\}\}")]
    private static partial Regex Name();
}
