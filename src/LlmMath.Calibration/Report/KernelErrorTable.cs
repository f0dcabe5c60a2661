using System.Text;
using LlmMath.Calibration.Kernels;

namespace LlmMath.Calibration;

/// <summary>Errors of kernels, from what the verb <c>kernels</c> wrote.</summary>
internal static class KernelErrorTable
{
    /// <summary>A line each operator and variant.</summary>
    public static string Of(string root)
    {
        var text = new StringBuilder();
        text.Append("| operator | variant | GPUs | timings | row held out | shape held out | GPU held out |\n");
        text.Append("|---|---|--:|--:|--:|--:|--:|\n");
        foreach (CsvRow row in Csv.Read(Path.Combine(root, KernelReport.Path)))
        {
            text.Append("| ").AppendJoin(" | ", row["operator"].Replace('_', ' '), row["variant"],
                row["gpus"].Split(' ').Length, row["rows"], Pair(row, "row"), Pair(row, "shape"), Pair(row, "gpu"))
                .Append(" |\n");
        }

        return text.ToString();
    }

    private static string Pair(CsvRow row, string kind) =>
        row[kind + "_median"].Length == 0 ? "–" : $"{row[kind + "_median"]} / {row[kind + "_p90"]}";
}
