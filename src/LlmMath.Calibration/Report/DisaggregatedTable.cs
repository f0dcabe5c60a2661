using System.Globalization;
using System.Text;

namespace LlmMath.Calibration;

/// <summary>Errors where prompts are read on GPUs of their own.</summary>
internal static class DisaggregatedTable
{
    /// <summary>A row for each engine and GPU, and one for all.</summary>
    public static string Of(IReadOnlyList<DisaggregatedRow> rows)
    {
        var text = new StringBuilder("| engine | GPU | measured | rows | median error | 90th percentile | signed "
            + "| in the 80 % range |\n|---|---|---|---:|---:|---:|---:|---:|\n");
        foreach (var group in rows.GroupBy(row => (row.Engine, row.Gpu)))
        {
            Add(text, $"{group.Key.Engine} | {group.Key.Gpu}", [.. group], HandOver(rows, group.Key.Engine));
        }

        foreach (var group in rows.GroupBy(row => row.Engine))
        {
            Add(text, $"{group.Key} | all", [.. group], HandOver(rows, group.Key));
        }

        return text.ToString();
    }

    /// <summary>Seconds by which the hand-over differs from the library's where an engine's rows are left out of it.</summary>
    /// <param name="rows">All rows.</param>
    /// <param name="without">The engine; null for none.</param>
    public static double HandOver(IReadOnlyList<DisaggregatedRow> rows, string? without)
    {
        double[] rests = [.. rows.Where(row => row.Engine != without && row is { IsCold: false, Requests: <= 8 }
            && row.Estimate.Workload.PromptTokens < 1024)
            .Select(row => row.FirstToken - row.Estimate.TimeToFirstToken.Expected.TotalSeconds).Order()];
        return rests[rests.Length / 2];
    }

    private static void Add(StringBuilder text, string what, IReadOnlyList<DisaggregatedRow> rows, double handOver)
    {
        var later = TimeSpan.FromSeconds(handOver);
        IReadOnlyList<DisaggregatedRow> warm = [.. rows.Where(row => !row.IsCold)];
        Add(text, $"{what} | time between tokens", rows, row => row.Estimate.InterTokenLatency, row => row.InterToken);
        Add(text, $"{what} | time to first token", warm, row => Later(row.Estimate.TimeToFirstToken), row => row.FirstToken);
        Add(text, $"{what} | whole answer", warm, row => Later(row.Estimate.TotalTime),
            row => row.FirstToken + ((row.Estimate.Workload.OutputTokens - 1) * row.InterToken));

        TimeRange Later(TimeRange range) => new(range.Low + later, range.Expected + later, range.High + later);
    }

    private static void Add(StringBuilder text, string what, IReadOnlyList<DisaggregatedRow> rows,
        Func<DisaggregatedRow, TimeRange> estimated, Func<DisaggregatedRow, double> measured)
    {
        if (rows.Count == 0)
        {
            return;
        }

        var found = Statistics.Of(rows.Select(row => (estimated(row).Expected.TotalSeconds, measured(row), 1)));
        double inside = rows.Count(row => measured(row) >= estimated(row).Low.TotalSeconds
            && measured(row) <= estimated(row).High.TotalSeconds) / (double)rows.Count;
        text.Append(CultureInfo.InvariantCulture, $"| {what} | {found.Rows} | {found.Median:P1} | {found.Ninety:P1} "
            + $"| {found.Signed:+0 %;−0 %;0 %} | {inside:P0} |\n");
    }

    /// <summary>Every row, for whoever looks for causes.</summary>
    public static string Rows(IReadOnlyList<DisaggregatedRow> rows)
    {
        var text = new StringBuilder();
        foreach (DisaggregatedRow row in rows)
        {
            Deployment on = row.Estimate.Deployment;
            Workload load = row.Estimate.Workload;
            double first = row.Estimate.TimeToFirstToken.Expected.TotalSeconds;
            double inter = row.Estimate.InterTokenLatency.Expected.TotalSeconds;
            text.Append(CultureInfo.InvariantCulture,
                $"{(inter / row.InterToken) - 1,7:+0 %;−0 %} {(first / row.FirstToken) - 1,7:+0 %;−0 %} "
                + $"{row.InterToken * 1e3,8:0.00} {inter * 1e3,8:0.00} {row.FirstToken * 1e3,8:0} {first * 1e3,8:0}  "
                + $"{row.Engine} {row.Model} {row.Gpu} {on.Prefill!.Placement} / {on.Placement} "
                + $"{load.PromptTokens}+{load.OutputTokens} × {row.Requests} "
                + $"writing {row.Estimate.SteadyStateRequests:0}{(row.IsCold ? " cold" : "")}"
                + $"{(row.Estimate.Fits == true ? "" : " misfit")}\n");
        }

        return text.ToString();
    }
}
