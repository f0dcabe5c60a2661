using LlmMath.Engines.Kernels;

namespace LlmMath.Speed.Kernels;

/// <summary>How files name what tells the kernels of an operator apart, and what is like it.</summary>
internal static class KernelVariants
{
    /// <summary>What is added to the number of a cache's format where attention sees a window: engines take other kernels,
    /// or other
    /// paths of them, also while the context is shorter.</summary>
    public const int Windowed = 2;

    /// <summary>What is added to the name of a recurrence for its short convolution.</summary>
    public const string Convolution = "_conv";

    /// <summary>The all-to-all of tokens to their experts and back, in whatever format: its size is in bytes.</summary>
    public const string Routed = "routed";

    private static readonly string[] s_recurrent = ["gdn", "kda", "mamba2", "gdn_conv", "kda_conv", "mamba2_conv"];
    private static readonly string[] s_sparse = ["dsa", "csa", "hca", "msa"];

    /// <summary>Names of a variant, itself first, then those like it, the nearest first.</summary>
    /// <param name="kind">What the kernel does.</param>
    /// <param name="variant">Its number, as <see cref="DeviceKernels"/> counts.</param>
    /// <param name="engine">The engine: whether it computes attention in 8 bits where the cache has 8.</param>
    public static string[] Of(KernelOperator kind, int variant, string engine) => kind switch
    {
        KernelOperator.Product or KernelOperator.Experts or KernelOperator.Rounding =>
            [((KernelFormat)variant).Word(), .. Like((KernelFormat)variant)],
        KernelOperator.AllToAll => [Routed],
        >= KernelOperator.AllReduce => ["bf16"],
        KernelOperator.PrefillRecurrent or KernelOperator.DecodeRecurrent => variant switch
        {
            2 => ["mamba2", "gdn", "kda"],
            5 => ["mamba2_conv", "gdn_conv", "kda_conv"],
            0 or 3 => [s_recurrent[variant], s_recurrent[variant + 1]],
            _ => [s_recurrent[variant], s_recurrent[variant - 1]],
        },
        KernelOperator.PrefillSparse or KernelOperator.DecodeSparse => [s_sparse[variant]],
        KernelOperator.Streams => ["mhc"],
        KernelOperator.Prefill or KernelOperator.Decode when variant >= Windowed =>
            [.. Of(kind, variant - Windowed, engine).SelectMany(name => new string[] { name + "/window", name })],
        _ => variant == 0 ? ["bf16"] : engine == "vllm" ? ["fp8", "fp8_fp8", "bf16"] : ["fp8_fp8", "fp8", "bf16"],
    };

    /// <summary>What ends the name of experts that all get as many tokens: timed, but asked for by no pass.</summary>
    public const string Even = "/even";

    /// <summary>Variants of the same operator in more bits, which are never faster. Timings of products in 8 and 4 bits hold a
    /// kernel of its own that rounds what enters, of 2 to 8 microseconds whatever the tokens; engines do that within the norm or
    /// the activation before it: github:vllm-project/vllm, vllm/compilation/passes/fusion/rms_quant_fusion.py and
    /// act_quant_fusion.py; github:NVIDIA/TensorRT-LLM, AllReduceFusionOp.RESIDUAL_RMS_NORM_QUANT_FP8.</summary>
    public static int[] Wider(KernelOperator kind, int variant) =>
        kind is not (KernelOperator.Product or KernelOperator.Experts) ? [] : (KernelFormat)variant switch
        {
            KernelFormat.Fp8 or KernelFormat.Fp8Block or KernelFormat.Int8 => [(int)KernelFormat.Bf16],
            KernelFormat.Nvfp4 => [(int)KernelFormat.Fp8, (int)KernelFormat.Fp8Block],
            _ => [],
        };

    /// <summary>The number of a sparse kind.</summary>
    public static int Sparse(AttentionKind kind) => kind - AttentionKind.Dsa;

    /// <summary>The sparse kind of a name.</summary>
    public static AttentionKind SparseKind(string variant) => AttentionKind.Dsa + Array.IndexOf(s_sparse, variant);

    private static string[] Like(KernelFormat format) => format switch
    {
        KernelFormat.Fp8 => ["fp8_block", "bf16"],
        KernelFormat.Fp8Block => ["fp8", "bf16"],
        KernelFormat.Nvfp4 => ["fp8", "bf16"],
        KernelFormat.Mxfp4 => ["int4_weights", "bf16"],
        KernelFormat.Mxfp4Fp8 => ["nvfp4", "fp8", "bf16"],
        KernelFormat.Int8 => ["fp8", "bf16"],
        KernelFormat.Int8Weights or KernelFormat.Int4Weights => ["int4_weights", "int8_weights", "bf16"],
        _ => [],
    };
}
