namespace LlmMath.Calibration;

/// <summary>A server measured by somebody else than the campaign that serving is fitted to, beside the library's own
/// estimate.</summary>
/// <param name="Source">Who measured: the repository.</param>
/// <param name="Model">The model.</param>
/// <param name="Gpu">The GPU.</param>
/// <param name="Weights">The weights' format.</param>
/// <param name="Measured">The measured figure: tokens a second where <paramref name="IsRate"/>, else seconds between
/// tokens.</param>
/// <param name="IsRate">Whether throughput was measured.</param>
/// <param name="Estimate">What the library says of it.</param>
internal sealed record OutsideRow(string Source, string Model, string Gpu, string Weights, double Measured, bool IsRate,
    InferenceEstimate Estimate)
{
    /// <summary>The estimated time over the measured one, as a pair: of a rate, one over it.</summary>
    public (double Predicted, double Measured, int Rows) Pair => IsRate
        ? (1 / Estimate.TokensPerSecond.Expected, 1 / Measured, 1)
        : (Estimate.InterTokenLatency.Expected.TotalSeconds, Measured, 1);

    /// <summary>Whether the measurement lies in the range.</summary>
    public bool IsInRange => IsRate
        ? Measured >= Estimate.TokensPerSecond.Low && Measured <= Estimate.TokensPerSecond.High
        : Measured >= Estimate.InterTokenLatency.Low.TotalSeconds && Measured <= Estimate.InterTokenLatency.High.TotalSeconds;

    /// <summary>Reads <c>catalog/evidence/serving-outside.csv</c>, below the repository's root.</summary>
    public static IReadOnlyList<OutsideRow> Read(string root) =>
    [
        .. Csv.Read(Path.Combine(root, "catalog/evidence/serving-outside.csv")).Select(Of),
    ];

    private static OutsideRow Of(CsvRow row)
    {
        int tensor = row.Integer("tensor"), cached = row.Integer("cached");
        bool isClosed = row["arrival"] == "closed loop", isRate = row["tokens_per_second"].Length > 0;
        var deployment = new Deployment(ModelCatalog.Find(row["model"]), GpuCatalog.Find(row["gpu"]),
            EngineCatalog.Find(row["engine"]), WeightFormat.Find(row["weights"]))
        {
            Placement = new() { Tensor = tensor },
        };
        var workload = new Workload(row.Integer("prompt"), row.Integer("output"), row.Integer("requests"))
        {
            CachedPromptTokens = cached,
            Arrival = isClosed ? null : Arrival.Continuous,
        };
        string[] source = row["source"].Split(':', '@');
        return new(source[1], row["model"], row["gpu"], row["weights"],
            isRate ? row.Real("tokens_per_second") : row.Real("tpot_ms") / 1e3, isRate, deployment.Speed(workload));
    }
}
