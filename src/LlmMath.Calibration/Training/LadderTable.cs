using System.Globalization;
using System.Text;

namespace LlmMath.Calibration;

/// <summary>How much memory another token of a sequence takes, where one run was measured at several lengths.</summary>
internal static class LadderTable
{
    // From this length on a token's bytes show: below it the peak is often another moment, the same at each length.
    private const long From = 1024;

    private const double Asked = 0.15;

    /// <summary>A row for each run.</summary>
    public static string Of(IReadOnlyList<TrainingMemoryRow> rows)
    {
        TrainingMemoryRow[][] all = [.. Runs(rows)];
        var text = new StringBuilder("| run | lengths | KiB a token, measured | estimated | error "
            + "| measured from each length to the next | estimated |\n|---|--:|--:|--:|--:|--:|--:|\n");
        (int within, int straight, int both) = (0, 0, 0);
        foreach (TrainingMemoryRow[] run in all)
        {
            double measured = Slope(run, row => row.Bytes), estimated = Slope(run, row => row.Estimate);
            double[] steps = Steps(run, row => row.Bytes);
            bool isNear = Math.Abs((estimated / measured) - 1) <= Asked;
            bool isStraight = steps.All(step => Math.Abs((step / measured) - 1) <= Asked);
            (within, straight) = (within + (isNear ? 1 : 0), straight + (isStraight ? 1 : 0));
            both += isNear && isStraight ? 1 : 0;
            text.Append(CultureInfo.InvariantCulture, $"| {NameOf(run[0])} | {run.Length} | {measured / 1024:N0} "
                + $"| {estimated / 1024:N0} | {(estimated / measured) - 1:+0 %;−0 %} | {Written(steps)} "
                + $"| {Written(Steps(run, row => row.Estimate))} |\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"\nWithin {Asked:0 %}, which is asked of each: {within} of "
            + $"{all.Length}. Straight themselves, each measured step within {Asked:0 %} of the run's slope: {straight} of "
            + $"{all.Length}, {both} of these within.\n").ToString();
    }

    /// <summary>Bytes a token by the least squares of each run's lengths: estimated ÷ measured.</summary>
    public static IEnumerable<double> Ratios(IReadOnlyList<TrainingMemoryRow> rows) =>
        Runs(rows).Select(run => Slope(run, row => row.Estimate) / Slope(run, row => row.Bytes));

    private static IEnumerable<TrainingMemoryRow[]> Runs(IReadOnlyList<TrainingMemoryRow> rows) => rows
        .Where(row => row.Set == "ladder" && row.Run.SequenceLength >= From)
        .GroupBy(NameOf)
        .Select(run => run.OrderBy(row => row.Run.SequenceLength).ToArray());

    private static string NameOf(TrainingMemoryRow row) => $"{row.On.Engine}, {row.On.Model}, {row.Run.Method}"
        + (row.Run.Adapter is { ModulesToSave.Count: > 0 } ? " with embeddings" : "");

    private static double[] Steps(TrainingMemoryRow[] run, Func<TrainingMemoryRow, double> of) =>
        [.. run.Zip(run.Skip(1), (a, b) => (of(b) - of(a)) / (b.Run.SequenceLength - a.Run.SequenceLength))];

    private static string Written(double[] steps) =>
        string.Join(" · ", steps.Select(step => (step / 1024).ToString("N0", CultureInfo.InvariantCulture)));

    private static double Slope(TrainingMemoryRow[] run, Func<TrainingMemoryRow, double> of)
    {
        double length = run.Average(row => row.Run.SequenceLength), mean = run.Average(of);
        return run.Sum(row => (row.Run.SequenceLength - length) * (of(row) - mean))
            / run.Sum(row => Math.Pow(row.Run.SequenceLength - length, 2));
    }
}
