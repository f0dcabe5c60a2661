using System.Globalization;
using System.Text;

namespace LlmMath.Calibration;

/// <summary>The tables of docs/ACCURACY.md on memory.</summary>
internal static class MemoryText
{
    private const double WorthAWord = 0.03;

    /// <summary>Rows by engine and what was measured.</summary>
    public static IEnumerable<IGrouping<string, MemoryRow>> Groups(IEnumerable<MemoryRow> rows) =>
        rows.Where(row => row.Use != RowUse.Other).GroupBy(row => $"{row.Engine.Name}, {Words(row.Quantity)}")
            .OrderBy(group => group.Key, StringComparer.Ordinal);

    /// <summary>Rows that were collected after everything else stood.</summary>
    public static string HeldOut(IEnumerable<MemoryRow> rows)
    {
        var text = new StringBuilder("| engine, measured | rows | median % | largest % |\n|---|--:|--:|--:|\n");
        foreach (IGrouping<string, MemoryRow> group in Groups(rows))
        {
            double[] errors = Errors(group.Where(row => row.Use == RowUse.HeldOut), MemoryPrediction.Of);
            if (errors.Length > 0)
            {
                string median = N(Quantile.Of(errors, 0.5), 2), largest = N(errors.Max(), 2);
                text.Append(CultureInfo.InvariantCulture, $"| {group.Key} | {errors.Length} | {median} | {largest} |\n");
            }
        }

        return text.ToString();
    }

    /// <summary>Errors over all rows, and over those that no constant was fitted on; two naive estimators beside them.</summary>
    public static string Table(IEnumerable<MemoryRow> rows)
    {
        var text = new StringBuilder("| engine, measured | rows | median % | 90th percentile % | not fitted on: rows | median % "
            + "| 90th percentile % | parameters × bytes × 1.2: median % | 20 % per 2,048 tokens: median % |\n"
            + "|---|--:|--:|--:|--:|--:|--:|--:|--:|\n");
        foreach (IGrouping<string, MemoryRow> group in Groups(rows))
        {
            double[] all = Errors(group, MemoryPrediction.Of);
            double[] unseen = Errors(group.Where(row => row.Use != RowUse.Fit), MemoryPrediction.Of);
            bool isTotal = group.First().Quantity is Quantity.Total or Quantity.PerGpu or Quantity.Profiled or Quantity.Loaded;
            text.AppendJoin(" | ", "| " + group.Key, N(all.Length, 0), N(Quantile.Of(all, 0.5)), N(Quantile.Of(all, 0.9)),
                N(unseen.Length, 0), N(Quantile.Of(unseen, 0.5)), N(Quantile.Of(unseen, 0.9)),
                isTotal ? N(Quantile.Of(Errors(group, MemoryPrediction.Naive), 0.5)) : "",
                isTotal ? N(Quantile.Of(Errors(group, MemoryPrediction.NaiveByContext), 0.5)) : "").Append(" |\n");
        }

        return text.ToString();
    }

    /// <summary>Rows that err by more than 3 %, with what is known of each.</summary>
    public static string Worst(IEnumerable<MemoryRow> rows)
    {
        var text = new StringBuilder("| engine, measured | model | weights | GPUs, batch, context | error % | note |\n"
            + "|---|---|---|---|--:|---|\n");
        foreach (IGrouping<string, MemoryRow> group in Groups(rows))
        {
            foreach (MemoryRow row in group)
            {
                double error = (MemoryPrediction.Of(row) / row.Bytes) - 1;
                if (Math.Abs(error) > WorthAWord)
                {
                    text.Append(CultureInfo.InvariantCulture, $"| {group.Key} | {row.Model.Name} | {row.Weights.Name} "
                        + $"| {row.Tensor * row.Pipeline}, {row.Batch}, {row.Context} "
                        + $"| {(error < 0 ? "−" : "+")}{N(100 * Math.Abs(error))} | {row.Note} |\n");
                }
            }
        }

        return text.ToString();
    }

    /// <summary>Every row beside its estimate.</summary>
    public static string Rows(IEnumerable<MemoryRow> rows)
    {
        var text = new StringBuilder();
        foreach (MemoryRow row in Groups(rows).SelectMany(group => group))
        {
            double estimate = MemoryPrediction.Of(row);
            text.Append(CultureInfo.InvariantCulture,
                $"{row.Engine.Name,-13}{row.Quantity,-17}{row.Model.Name,-24}{row.Weights.Name,-16}"
                + $"tp {row.Tensor} pp {row.Pipeline} b {row.Batch} c {row.Context,-7}"
                + $"{estimate / 1e9,12:0.000}{row.Bytes / 1e9,12:0.000} GB{100 * ((estimate / row.Bytes) - 1),9:0.00} % "
                + $"{row.Use} {row.Note}\n");
        }

        return text.ToString();
    }

    /// <summary>Errors of an estimator, in percent.</summary>
    public static double[] Errors(IEnumerable<MemoryRow> rows, Func<MemoryRow, double> estimate) =>
        [.. rows.Select(row => 100 * MemoryPrediction.Error(row, estimate(row)))];

    private static string Words(Quantity quantity) => quantity switch
    {
        Quantity.Total => "peak",
        Quantity.PerGpu => "peak a GPU",
        Quantity.Loaded => "weights + compute buffers",
        Quantity.Profiled => "weights + activations + runtime",
        Quantity.File => "file size",
        Quantity.Activation or Quantity.ActivationGpu => "activations",
        Quantity.Allocated => "peak of its allocator",
        Quantity.DeviceBuffer => "compute buffer of the GPU",
        Quantity.HostBuffer => "compute buffer of the host",
        Quantity.Cache => "cache",
        Quantity.State => "recurrent state",
        Quantity.CacheToken or Quantity.CacheTokenGpu => "cache a token",
        _ => "weights",
    };

    private static string N(double number, int decimals = 1) =>
        number.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
