namespace LlmMath.Calibration;

/// <summary>A server that drafted tokens (multi-token prediction), beside the library's own estimate. No constant is fitted to
/// such rows.</summary>
/// <param name="Engine">The engine.</param>
/// <param name="Model">The model.</param>
/// <param name="Gpu">The GPU.</param>
/// <param name="FirstToken">Measured seconds to the first token.</param>
/// <param name="InterToken">Measured seconds between tokens.</param>
/// <param name="Estimate">What the library says of it.</param>
internal sealed record SpeculationRow(string Engine, string Model, string Gpu, double FirstToken, double InterToken,
    InferenceEstimate Estimate)
{
    // Three tokens are drafted, one where attention is data-parallel. Source: github:SemiAnalysisAI/InferenceX@843c6254,
    // benchmarks/single_node/fixed_seq_len/{qwen3.5_fp8_b200,qwen3.5_fp8_b300,dsr1_fp8_b200_trt,dsr1_fp4_b200_trt}_mtp.sh
    // (--speculative-num-steps 3; MTP=3, and MTP=1 under DP_ATTENTION).
    private const int Drafts = 3, DraftsOfReplicas = 1;

    /// <summary>Rows of <c>catalog/evidence/serving.csv</c> that say so, below the repository's root.</summary>
    public static IReadOnlyList<SpeculationRow> Read(string root) =>
    [
        .. Csv.Read(Path.Combine(root, "catalog/evidence/serving.csv"))
            .Where(row => row["speculation"].Length > 0 && row["left_out"].Length == 0).Select(Of),
    ];

    private static SpeculationRow Of(CsvRow row)
    {
        int data = row.Integer("data"), tensor = row.Integer("tensor");
        double mean = row["least_share"].Length > 0 ? (1 + row.Real("least_share")) / 2 : 1;
        Deployment deployment = EvidenceFiles.DeploymentOf(row) with
        {
            Keys = row["weights"] == "bf16" ? CacheFormat.Bf16 : CacheFormat.Fp8,
            Placement = new() { Tensor = tensor, Data = data, Expert = data > 1 ? tensor * data : 0 },
        };
        var workload = new Workload((long)Math.Round(mean * row.Integer("prompt")),
            (long)Math.Round(mean * row.Integer("output")), row.Integer("concurrency"))
        {
            PollSteps = row.OptionalInteger("poll_steps") ?? 1,
            GatherSteps = row.OptionalInteger("gather_steps") ?? 0,
            Speculation = SpeculativeDecoding.Of(deployment.Model, data > 1 ? DraftsOfReplicas : Drafts),
        };
        return new(row["engine"], row["model"], row["gpu"], row.Real("ttft_ms") / 1e3, row.Real("tpot_ms") / 1e3,
            deployment.Speed(workload));
    }
}
