using System.Globalization;
using LlmMath.Training;

namespace LlmMath.Calibration;

/// <summary>Prints every measured peak of training beside its estimate, and each set's errors.</summary>
internal static class TrainingMemoryText
{
    /// <summary>A line a row, then a line a set, trainer and peak.</summary>
    public static string Rows(IReadOnlyList<TrainingMemoryRow> rows) =>
        string.Concat(rows.Select(Line)) + string.Concat(
            rows.GroupBy(row => $"{row.Set} {row.On.Engine} {row.Peak}").Select(Summary));

    private static string Line(TrainingMemoryRow row) => string.Create(CultureInfo.InvariantCulture,
        $"{row.Set} {row.On.Engine} {row.On.Model} {row.Run.Method} {row.On.Weights} {row.On.Placement} "
        + $"s{row.Run.SequenceLength} b{row.Run.MicroBatch} {row.Run.Attention} {row.Run.Recomputation} {row.Run.Loss} "
        + $"{row.Run.Offload} {row.Peak}: "
        + $"{row.Bytes / (1 << 30):0.00} GiB measured, {row.Estimate / (1 << 30):0.00} estimated, {row.Error:+0.0 %;−0.0 %} "
        + $"at {row.On.Training(row.Run).Memory.Moment}\n");

    private static string Summary(IGrouping<string, TrainingMemoryRow> group)
    {
        double[] errors = [.. group.Select(row => Math.Abs(row.Error))];
        return string.Create(CultureInfo.InvariantCulture,
            $"== {group.Key}: {errors.Length} rows, median {Quantile.Of(errors, 0.5):0.0 %}, "
            + $"90 % {Quantile.Of(errors, 0.9):0.0 %}, worst {errors.Max():0.0 %}\n");
    }
}
