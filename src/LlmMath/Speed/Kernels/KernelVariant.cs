using LlmMath.Engines.Kernels;

namespace LlmMath.Speed.Kernels;

/// <summary>What tells the kernels of an operator apart, as files name it, and those like it.</summary>
internal static class KernelVariant
{
    /// <summary>Bits, rate and names of a variant, the nearest first.</summary>
    public static (double Bits, double ActivationBits, double Rate, string[] Names) Of(KernelOperator kind, int variant,
        PeakRates rates)
    {
        double wide = KernelFormat.Bf16.Rate(rates);
        switch (kind)
        {
            case KernelOperator.Product or KernelOperator.Experts or KernelOperator.Rounding:
                var format = (KernelFormat)variant;
                return (format.WeightBits(), format.ActivationBits(), format.Rate(rates), [format.Word(), .. Like(format)]);
            case >= KernelOperator.AllReduce:
                return (16, 16, wide, ["nvlink"]);
            case KernelOperator.PrefillRecurrent or KernelOperator.DecodeRecurrent:
                return (16, 16, wide, [s_recurrent[variant]]);
            case KernelOperator.PrefillSparse or KernelOperator.DecodeSparse:
                return (16, 16, wide, [s_sparse[variant]]);
            default:
                return (variant == 1 ? 8 : 16, 16, variant == 1 ? KernelFormat.Fp8.Rate(rates) : wide,
                    variant == 1 ? ["fp8", "bf16"] : ["bf16"]);
        }
    }

    private static readonly string[] s_recurrent = ["gdn", "kda", "mamba2", "gdn_conv", "kda_conv", "mamba2_conv"];
    private static readonly string[] s_sparse = ["", "", "dsa", "csa", "hca", "msa"];

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
