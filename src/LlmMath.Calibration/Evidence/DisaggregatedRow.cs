namespace LlmMath.Calibration;

/// <summary>Servers of which some only read prompts, as measured, beside the library's own estimate. No constant is fitted to
/// them.</summary>
/// <param name="Engine">The engine.</param>
/// <param name="Model">The model.</param>
/// <param name="Gpu">The GPU.</param>
/// <param name="FirstToken">Measured seconds to the first token.</param>
/// <param name="InterToken">Measured seconds between tokens.</param>
/// <param name="IsCold">Whether the time to the first token has the servers' start in it.</param>
/// <param name="Requests">Requests at once.</param>
/// <param name="Estimate">What the library says of it.</param>
internal sealed record DisaggregatedRow(string Engine, string Model, string Gpu, double FirstToken, double InterToken,
    bool IsCold, int Requests, InferenceEstimate Estimate)
{
    /// <summary>Reads <c>catalog/evidence/serving-disaggregated.csv</c>, below the repository's root.</summary>
    public static IReadOnlyList<DisaggregatedRow> Read(string root) =>
    [
        .. Csv.Read(Path.Combine(root, "catalog/evidence/serving-disaggregated.csv")).Select(Of),
    ];

    // Lengths were drawn evenly from 0.8 of those stated up to them.
    private static DisaggregatedRow Of(CsvRow row)
    {
        Deployment deployment = EvidenceFiles.DeploymentOf(row) with
        {
            Keys = CacheFormat.Fp8,
            Placement = Servers(row, "decode"),
            Prefill = new() { Placement = Servers(row, "prefill") },
        };
        int requests = row.Integer("concurrency");
        var workload = new Workload((long)Math.Round(0.9 * row.Integer("prompt")), (long)Math.Round(0.9 * row.Integer("output")),
            requests);
        return new(row["engine"], row["model"], row["gpu"], row.Real("ttft_ms") / 1e3, row.Real("tpot_ms") / 1e3,
            row["note"] == "cold", requests, deployment.Speed(workload));
    }

    private static Parallelism Servers(CsvRow row, string side)
    {
        int tensor = row.Integer($"{side}_tensor"), data = row.Integer($"{side}_data");
        return new() { Tensor = tensor, Data = data * row.Integer($"{side}_workers"), Expert = data > 1 ? tensor * data : 0 };
    }
}
