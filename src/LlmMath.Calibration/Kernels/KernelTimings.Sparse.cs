using LlmMath.Engines.Kernels;
using LlmMath.Speed.Kernels;

namespace LlmMath.Calibration.Kernels;

/// <summary>Layers of sparse attention, which were timed whole, and the residual streams around them.</summary>
internal static partial class KernelTimings
{
    private static Reader Sparse(string file, string kind, bool isPrefill) => new(file, row => Sparse(row, kind, isPrefill),
        row => AttentionProducts.Of(row["model"], kind, row["gemm_type"], row.Real("num_heads"))
            .Seconds(s_gpus[row["gpu"]], row["engine"], row.Real("batch_size") * (isPrefill ? row.Real("isl") : 1)));

    private static IEnumerable<(KernelOperator, string, string, double[], string)> Sparse(
        TimingRow row, string kind, bool isPrefill)
    {
        double sequences = row.Real("batch_size"), context = row.Real("step"), heads = row.Real("num_heads");
        double tokens = isPrefill ? row.Real("isl") : 1;
        if (IsLeftOut(row, kind, isPrefill))
        {
            yield break;
        }

        var products = AttentionProducts.Of(row["model"], kind, row["gemm_type"], heads);
        double keys = Math.Max(1, products.Keys(tokens, context));
        double[] sizes = isPrefill
            ? [sequences * tokens, context + ((tokens + 1) / 2), keys, heads]
            : [sequences, Math.Max(1, context), keys, heads];
        yield return (isPrefill ? KernelOperator.PrefillSparse : KernelOperator.DecodeSparse, kind, row["engine"], sizes,
            row["num_heads"]);
    }

    // Layers that take the keys of an earlier one; and of MiniMax-M3 TensorRT-LLM's, timed with 3 to 500 milliseconds of
    // compiling, and SGLang's prompts, timed with 650 microseconds of the host.
    private static bool IsLeftOut(TimingRow row, string kind, bool isPrefill) =>
        row["op_name"].Contains("skip", StringComparison.Ordinal)
            || (kind == "msa" && (row["engine"] == "trtllm" || (isPrefill && row["engine"] == "sglang")));

    // Before and after a part, summed; timed for the two parts of a layer.
    private static IEnumerable<(KernelOperator, string, string, double[], string)> Streams(TimingRow row)
    {
        yield return (KernelOperator.Streams, "mhc", row["engine"],
            [row.Real("num_tokens"), row.Real("hc_mult") * row.Real("hidden_size")], row["hidden_size"]);
    }
}
