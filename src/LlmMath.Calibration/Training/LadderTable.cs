using System.Globalization;
using System.Text;

namespace LlmMath.Calibration;

/// <summary>How much memory another token of a sequence takes, where one run was measured at several lengths.</summary>
internal static class LadderTable
{
    // From this length on a token's bytes show: below it the peak is often another moment, the same at each length.
    private const long From = 1024;

    /// <summary>A row for each run.</summary>
    public static string Of(IReadOnlyList<TrainingMemoryRow> rows)
    {
        (string Run, int Lengths, double Measured, double Estimated)[] all = [.. Slopes(rows)];
        var text = new StringBuilder("| run | lengths | KiB a token, measured | estimated | error |\n|---|--:|--:|--:|--:|\n");
        foreach (var (run, lengths, measured, estimated) in all)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {run} | {lengths} | {measured / 1024:N0} | {estimated / 1024:N0} "
                + $"| {(estimated / measured) - 1:+0 %;−0 %} |\n");
        }

        int within = all.Count(one => Math.Abs((one.Estimated / one.Measured) - 1) <= 0.15);
        return text.Append(CultureInfo.InvariantCulture, $"\nWithin 15 %, which is asked of each: {within} of {all.Length}.\n")
            .ToString();
    }

    /// <summary>Bytes a token by the least squares of each run's lengths.</summary>
    public static IEnumerable<(string Run, int Lengths, double Measured, double Estimated)> Slopes(
        IReadOnlyList<TrainingMemoryRow> rows) => rows
        .Where(row => row.Set == "ladder" && row.Run.SequenceLength >= From)
        .GroupBy(row => $"{row.On.Engine}, {row.On.Model}, {row.Run.Method}"
            + (row.Run.Adapter is { ModulesToSave.Count: > 0 } ? " with embeddings" : ""))
        .Select(run => (run.Key, run.Count(), Slope([.. run], row => row.Bytes), Slope([.. run], row => row.Estimate)));

    private static double Slope(TrainingMemoryRow[] run, Func<TrainingMemoryRow, double> of)
    {
        double length = run.Average(row => row.Run.SequenceLength), mean = run.Average(of);
        return run.Sum(row => (row.Run.SequenceLength - length) * (of(row) - mean))
            / run.Sum(row => Math.Pow(row.Run.SequenceLength - length, 2));
    }
}
