using System.Globalization;
using System.Text;

namespace LlmMath.Calibration;

/// <summary>Who published the evidence.</summary>
internal static class EvidenceTable
{
    // Of memory, whose sources are many.
    private const int Most = 6;

    /// <summary>Rows by source, with their share.</summary>
    public static string Of(IReadOnlyList<FittedRow> speed, IReadOnlyList<MemoryRow> memory)
    {
        var text = new StringBuilder("| evidence | source | figures | share |\n|---|---|---:|---:|\n");
        Add(text, "speed of serving", speed.Where(p => Pool.Serving.Engines.Contains(p.Row.Engine.Name))
            .GroupBy(p => p.Row.Source).Select(g => (g.Key, g.Sum(p => p.Row.Rows))));
        Add(text, "speed on one machine", speed.Where(p => !Pool.Serving.Engines.Contains(p.Row.Engine.Name))
            .GroupBy(p => p.Row.Source).Select(g => (g.Key, g.Sum(p => p.Row.Rows))));
        Add(text, "memory", memory.Where(row => row.Use != RowUse.Other).GroupBy(row => Owner(row.Source))
            .Select(g => (g.Key, g.Count())));
        return text.ToString();
    }

    /// <summary>The share of serving's figures that one file gives.</summary>
    public static double ServingShare(IReadOnlyList<FittedRow> speed)
    {
        FittedRow[] serving = [.. speed.Where(p => Pool.Serving.Engines.Contains(p.Row.Engine.Name))];
        return serving.Where(p => p.Row.Source == EvidenceFiles.ServingSource).Sum(p => p.Row.Rows)
            / (double)serving.Sum(p => p.Row.Rows);
    }

    private static void Add(StringBuilder text, string what, IEnumerable<(string Source, int Rows)> sources)
    {
        (string Source, int Rows)[] all = [.. sources.OrderByDescending(s => s.Rows)
            .ThenBy(s => s.Source, StringComparer.Ordinal)];
        double total = all.Sum(s => s.Rows);
        foreach ((string source, int rows) in all.Take(Most))
        {
            text.Append(CultureInfo.InvariantCulture, $"| {what} | {source} | {rows:N0} | {rows / total:P0} |\n");
        }

        if (all.Length > Most)
        {
            int rest = all.Skip(Most).Sum(s => s.Rows);
            text.Append(CultureInfo.InvariantCulture,
                $"| {what} | {all.Length - Most} others | {rest:N0} | {rest / total:P0} |\n");
        }
    }

    // github:owner/repository@commit:file, https://host/owner/repository/…, or words.
    private static string Owner(string source)
    {
        string path = source.Replace("github:", "", StringComparison.Ordinal)
            .Replace("https://github.com/", "", StringComparison.Ordinal).Replace("https://", "", StringComparison.Ordinal);
        string[] parts = path.Split(['/', '@', ' ', ':'], StringSplitOptions.RemoveEmptyEntries);
        return source.Contains('/', StringComparison.Ordinal) && parts.Length > 1 ? $"{parts[0]}/{parts[1]}" : source;
    }
}
