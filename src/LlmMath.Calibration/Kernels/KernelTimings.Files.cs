using LlmMath.Engines.Kernels;
using LlmMath.Speed.Kernels;

namespace LlmMath.Calibration.Kernels;

/// <summary>What the columns of each file mean on the axes.</summary>
internal static partial class KernelTimings
{
    private static readonly Reader[] s_readers =
    [
        new("gemm", Product), new("scale_matrix", Rounding),
        new("context_attention", Prefill), new("generation_attention", Decode),
        new("context_mla", PrefillLatent), new("generation_mla", DecodeLatent),
        new("moe", Experts), new("custom_allreduce", AllReduce), new("nccl", Collective),
        new("trtllm_alltoall", Routed),
        new("gdn", row => Recurrent(row, "gdn")), new("kda", row => Recurrent(row, "kda")),
        new("mamba2", row => Recurrent(row, "mamba2")),
        new("mhc_module", Streams),
        Sparse("dsa_context_module", "dsa", true), Sparse("dsa_generation_module", "dsa", false),
        Sparse("dsv4_csa_context_module", "csa", true), Sparse("dsv4_csa_generation_module", "csa", false),
        Sparse("dsv4_hca_context_module", "hca", true), Sparse("dsv4_hca_generation_module", "hca", false),
        Sparse("msa_context_module", "msa", true), Sparse("msa_generation_module", "msa", false),
    ];

    // The kernel that most shapes of an engine get; others, for odd widths of a head, are few and behave otherwise.
    private static readonly string[] s_few =
    [
        "triton", "vllm_triton_attn", "vllm_flash_attn_fa4", "torch_flow_flashinfer", "vllm_flashinfer_fidecode#prefill",
        "vllm_flashinfer_trtllmdecode#prefill", "flashinfer#blackwell",
    ];

    private static IEnumerable<(KernelOperator, string, string, double[], string)> Product(TimingRow row)
    {
        KernelFormat format = s_formats[row["gemm_dtype"]];
        // vLLM's block products were timed with the host's own 50 to 400 microseconds, which graphs do not pay.
        if (format == KernelFormat.Fp8Block && row["engine"] == "vllm")
        {
            yield break;
        }

        // In 16 bits all engines call the vendor's library.
        string engine = format == KernelFormat.Bf16 ? "any" : row["engine"];
        yield return (KernelOperator.Product, format.Word(), engine, [row.Real("m"), row.Real("n"), row.Real("k")],
            $"{row["n"]}x{row["k"]}");
    }

    private static IEnumerable<(KernelOperator, string, string, double[], string)> Rounding(TimingRow row)
    {
        yield return (KernelOperator.Rounding, "fp8", row["engine"], [row.Real("m"), row.Real("k")], row["k"]);
    }

    private static bool IsFew(TimingRow row, bool isPrefill)
    {
        string kernel = row["kernel_source"], gpu = row["gpu"];
        return s_few.Contains(kernel) || (isPrefill && s_few.Contains(kernel + "#prefill"))
            || (gpu.Contains("b2", StringComparison.Ordinal) || gpu.Contains("b3", StringComparison.Ordinal))
            && s_few.Contains(kernel + "#blackwell");
    }

    private static IEnumerable<(KernelOperator, string, string, double[], string)> Prefill(TimingRow row)
    {
        if (!IsFew(row, true))
        {
            double tokens = row.Real("isl"), heads = row.Real("num_heads");
            string cache = row["kv_cache_dtype"] != "fp8" ? "bf16" : row["attn_dtype"] == "fp8" ? "fp8_fp8" : "fp8";
            yield return (KernelOperator.Prefill, cache + Window(row), row["engine"],
                [
                    row.Real("batch_size") * heads, tokens, DeviceKernels.AverageKeys(tokens, 0, row.Real("window_size")),
                    row.Real("head_dim"),
                ],
                $"{row["num_heads"]}x{row["num_key_value_heads"]}x{row["head_dim"]}");
        }
    }

    private static IEnumerable<(KernelOperator, string, string, double[], string)> Decode(TimingRow row)
    {
        if (!IsFew(row, false))
        {
            double window = row.Real("window_size"), kvHeads = row.Real("num_key_value_heads"), context = row.Real("step") + 1;
            yield return (KernelOperator.Decode, (row["kv_cache_dtype"] == "fp8" ? "fp8" : "bf16") + Window(row), row["engine"],
                [
                    row.Real("batch_size") * kvHeads, window > 0 ? Math.Min(window, context) : context,
                    row.Real("num_heads") / kvHeads, row.Real("head_dim"),
                ],
                $"{row["num_heads"]}x{row["num_key_value_heads"]}x{row["head_dim"]}");
        }
    }

    // vLLM's latent attention was timed with the host's own 100 to 300 microseconds, which graphs do not pay: the same kernels
    // take 14 to 25 at that size in the other engines.
    private static bool IsEager(TimingRow row) => row["engine"] == "vllm";

    private static string Window(TimingRow row) => row["window_size"] == "0" ? "" : "/window";

    private static IEnumerable<(KernelOperator, string, string, double[], string)> PrefillLatent(TimingRow row)
    {
        if (IsEager(row))
        {
            yield break;
        }

        double tokens = row.Real("isl");
        yield return (KernelOperator.PrefillLatent, row["kv_cache_dtype"] == "fp8" ? "fp8" : "bf16", row["engine"],
            [row.Real("batch_size") * row.Real("num_heads"), tokens, (tokens + 1) / 2], row["num_heads"]);
    }

    private static IEnumerable<(KernelOperator, string, string, double[], string)> DecodeLatent(TimingRow row)
    {
        if (IsEager(row))
        {
            yield break;
        }

        yield return (KernelOperator.DecodeLatent, row["kv_cache_dtype"] == "fp8" ? "fp8" : "bf16", row["engine"],
            [row.Real("batch_size"), row.Real("step") + 1, row.Real("num_heads")], row["num_heads"]);
    }

    private static IEnumerable<(KernelOperator, string, string, double[], string)> Experts(TimingRow row)
    {
        double experts = row.Real("num_experts"), ep = row.Real("moe_ep_size"), tp = row.Real("moe_tp_size");
        double tokens = row.Real("num_tokens"), local = Math.Max(1, experts / ep);
        // Nemotron's experts, the ones of these sizes, have two matrices instead of three.
        bool isGated = row["hidden_size"] != "2688" && row["topk"] != "22";
        double width = row.Real("hidden_size") / KernelWork.ExpertWidth;
        string shape = $"{row["hidden_size"]}x{row["inter_size"]}x{row["num_experts"]}x{row["topk"]}";
        string variant = s_formats[row["moe_dtype"]].Word() + (row["distribution"] == "balanced" ? KernelVariants.Even : "");
        yield return (KernelOperator.Experts, variant, row["engine"],
            [
                tokens * row.Real("topk") / ep, local, row.Real("inter_size") / tp * width * (isGated ? 1 : 2 / 3.0),
                tokens * width,
            ],
            shape);
    }

    private static IEnumerable<(KernelOperator, string, string, double[], string)> AllReduce(TimingRow row)
    {
        yield return (KernelOperator.AllReduce, "bf16", row["engine"], [row.Real("message_size") * 2, row.Real("num_gpus")],
            row["num_gpus"]);
    }

    private static IEnumerable<(KernelOperator, string, string, double[], string)> Collective(TimingRow row)
    {
        KernelOperator kind = row["op_name"] switch
        {
            "all_gather" => KernelOperator.AllGather,
            "reduce_scatter" => KernelOperator.ReduceScatter,
            "alltoall" => KernelOperator.AllToAll,
            _ => KernelOperator.AllReduce,
        };
        yield return (kind, "bf16", "nccl",
            [row.Real("message_size") * (row["nccl_dtype"] == "int8" ? 1 : 2), row.Real("num_gpus")], row["num_gpus"]);
    }

    // Tokens were timed spread evenly, their k experts on as many GPUs as there are up to k: each goes to min(k, GPUs) of them,
    // and as many results come back in 16 bits.
    private static IEnumerable<(KernelOperator, string, string, double[], string)> Routed(TimingRow row)
    {
        double bits = row["op_name"] == "dispatch" ? s_formats[row["moe_dtype"]].ActivationBits() : 16;
        double gpus = row.Real("moe_ep_size"), copies = Math.Min(row.Real("topk"), gpus);
        yield return (KernelOperator.AllToAll, KernelVariants.Routed, row["engine"],
            [row.Real("num_tokens") * copies * row.Real("hidden_size") * bits / 8, gpus], row["moe_ep_size"]);
    }

    private static IEnumerable<(KernelOperator, string, string, double[], string)> Recurrent(TimingRow row, string kind)
    {
        bool isDecode = row["phase"] == "generation";
        bool isConvolution = row["kernel_source"].Contains("conv", StringComparison.Ordinal);
        if (row["phase"] == "verify" || (isDecode && row.Real("seq_len") > 1))
        {
            yield break;
        }

        bool isMamba = kind == "mamba2";
        double heads = isMamba ? row.Real("nheads") * row.Real("head_dim") / 128 : row.Real("num_v_heads");
        double channels = isMamba
            ? heads + (row.Real("n_groups") * row.Real("d_state") / 64)
            : heads + (2 * row.Real("num_k_heads"));
        double width = isConvolution ? channels : heads, sequences = row.Real("batch_size");
        yield return (isDecode ? KernelOperator.DecodeRecurrent : KernelOperator.PrefillRecurrent,
            isConvolution ? kind + "_conv" : kind, row["engine"],
            isDecode ? [sequences, width] : [sequences, row.Real("seq_len"), width],
            isMamba ? row["nheads"] : row["num_v_heads"]);
    }
}
