namespace LlmMath.Calibration;

/// <summary>Fits that leave out whole models, GPUs and sources.</summary>
internal static class WholeParts
{
    // Where a pool has more parts than this they are dealt into so many folds.
    private const int MostFits = 16;

    /// <summary>The rows with what such fits give for them: a run of some minutes.</summary>
    public static List<FittedRow> Of(IReadOnlyList<FittedRow> held, Func<IReadOnlyList<Observation>, Factors> fit, TextWriter log)
    {
        IReadOnlyList<Observation> rows = [.. held.Select(p => p.Row)];
        double[] model = Without(LeftOut.Model), gpu = Without(LeftOut.Gpu), source = Without(LeftOut.Source);
        // An engine of one source has nothing left without it.
        Dictionary<string, int> sources = rows.GroupBy(row => row.Engine.Name)
            .ToDictionary(g => g.Key, g => g.Select(row => row.Source).Distinct().Count());
        return
        [
            .. held.Select((p, i) => p with
            {
                WithoutModel = model[i],
                WithoutGpu = gpu[i],
                WithoutSource = sources[p.Row.Engine.Name] > 1 ? source[i] : null,
            }),
        ];

        double[] Without(LeftOut part)
        {
            log.WriteLine($"{rows.Count} rows without {part.Name}, {DateTime.Now:T}");
            return LeaveOut.Parts(rows, part.KeyOf, MostFits, fit);
        }
    }
}
