namespace LlmMath.Calibration;

/// <summary>A server that drafted tokens (multi-token prediction), and what was measured of it. Its prompts were random
/// words.</summary>
/// <param name="Deployment">What served.</param>
/// <param name="Workload">What was asked of it, drafts apart.</param>
/// <param name="Drafts">Tokens drafted at each step.</param>
/// <param name="FirstToken">Measured seconds to the first token.</param>
/// <param name="InterToken">Measured seconds between tokens.</param>
internal sealed record SpeculationRow(
    Deployment Deployment, Workload Workload, int Drafts, double FirstToken, double InterToken)
{
    // Three tokens are drafted, one where attention is data-parallel. Source: github:SemiAnalysisAI/InferenceX@843c6254,
    // benchmarks/single_node/fixed_seq_len/{qwen3.5_fp8_b200,qwen3.5_fp8_b300,dsr1_fp8_b200_trt,dsr1_fp4_b200_trt}_mtp.sh
    // (--speculative-num-steps 3; MTP=3, and MTP=1 under DP_ATTENTION).
    private const int MostDrafts = 3, DraftsOfReplicas = 1;

    /// <summary>The engine, the model and the GPU: rows of one campaign.</summary>
    public (string Engine, string Model, string Gpu) Group =>
        (Deployment.Engine!.Name, Deployment.Model.Name, Deployment.Gpu!.Name);

    /// <summary>Rows of <c>catalog/evidence/serving.csv</c> that say so, below the repository's root.</summary>
    public static IReadOnlyList<SpeculationRow> Read(string root) =>
    [
        .. Csv.Read(Path.Combine(root, "catalog/evidence/serving.csv"))
            .Where(row => row["speculation"].Length > 0 && row["left_out"].Length == 0).Select(Of),
    ];

    /// <summary>What the library says of it, of such prompts.</summary>
    public InferenceEstimate Estimate() => Estimate(AcceptanceCatalog.All.ShareOfRandomText(Workload.OutputTokens));

    /// <summary>The same where a share of accepted drafts is left.</summary>
    public InferenceEstimate Estimate(double share) => Deployment.Speed(
        Workload with { Speculation = SpeculativeDecoding.OfRandomText(Deployment.Model, Drafts, share) });

    private static SpeculationRow Of(CsvRow row)
    {
        (Deployment deployment, Workload workload) = EvidenceFiles.Served(row);
        return new(deployment, workload, deployment.Placement.Data > 1 ? DraftsOfReplicas : MostDrafts,
            row.Real("ttft_ms") / 1e3, row.Real("tpot_ms") / 1e3);
    }
}
