using System.Globalization;
using System.Text;

namespace LlmMath.Calibration;

/// <summary>What the widths of priors, chosen by hand with all rows in sight, add to the figures.</summary>
internal static class WidthTable
{
    /// <summary>docs/accuracy/widths.csv as a table, of some engines.</summary>
    public static string Of(string root, IEnumerable<string> engines)
    {
        var text = new StringBuilder("| engine | measured | rows | widths by hand: median, 90th percentile "
            + "| chosen inside the training rows: median, 90th percentile |\n|---|---|---:|---:|---:|\n");
        foreach (CsvRow row in Csv.Read(Path.Combine(root, WidthFile.Path)).Where(row => engines.Contains(row["engine"])))
        {
            text.Append(CultureInfo.InvariantCulture, $"| {row["engine"]} | {MetricWords.Of(Enum.Parse<Metric>(row["metric"]))} "
                + $"| {row.Integer("rows"):N0} | {row.Real("median"):P1}, {row.Real("ninety"):P1} "
                + $"| {row.Real("median_chosen"):P1}, {row.Real("ninety_chosen"):P1} |\n");
        }

        return text.ToString();
    }
}
