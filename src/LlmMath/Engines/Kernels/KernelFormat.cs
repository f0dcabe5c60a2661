namespace LlmMath.Engines.Kernels;

/// <summary>How a kernel holds weights and multiplies.</summary>
internal enum KernelFormat
{
    /// <summary>bfloat16 or 16-bit floats.</summary>
    Bf16,

    /// <summary>8-bit floats, a scale a matrix or a row; activations too.</summary>
    Fp8,

    /// <summary>8-bit floats, a scale each 128 × 128 weights and each 128 activations.</summary>
    Fp8Block,

    /// <summary>NVFP4: 4-bit floats, a scale each 16; activations too.</summary>
    Nvfp4,

    /// <summary>MXFP4 weights, a scale each 32, activations of 16 bits.</summary>
    Mxfp4,

    /// <summary>MXFP4 weights, activations of 8 bits.</summary>
    Mxfp4Fp8,

    /// <summary>8-bit integers; activations too.</summary>
    Int8,

    /// <summary>8-bit integers, activations of 16 bits.</summary>
    Int8Weights,

    /// <summary>4-bit integers, activations of 16 bits.</summary>
    Int4Weights,
}

/// <summary>Facts of the formats of kernels.</summary>
internal static class KernelFormats
{
    private static readonly Facts[] s_facts =
    [
        new("bf16", 16, 16),
        new("fp8", 8, 8),
        new("fp8_block", 8, 8),
        new("nvfp4", 4.5, 4.5),
        new("mxfp4", 4.25, 16),
        new("mxfp4_fp8", 4.25, 8),
        new("int8", 8, 8),
        new("int8_weights", 8, 16),
        new("int4_weights", 4, 16),
    ];

    /// <summary>The word that files use.</summary>
    public static string Word(this KernelFormat format) => s_facts[(int)format].Word;

    /// <summary>The format of a word.</summary>
    public static KernelFormat Of(string word) => (KernelFormat)Array.FindIndex(s_facts, facts => facts.Word == word);

    /// <summary>Bits of a weight, its share of the scales included.</summary>
    public static double WeightBits(this KernelFormat format) => s_facts[(int)format].WeightBits;

    /// <summary>Bits of an activation that the product reads.</summary>
    public static double ActivationBits(this KernelFormat format) => s_facts[(int)format].ActivationBits;

    /// <summary>Whether activations are rounded before the product.</summary>
    public static bool RoundsActivations(this KernelFormat format) => format.ActivationBits() < 16;

    /// <summary>Whether a product in it is never slower than in more bits: what enters it is rounded within the norm or the
    /// activation before it.</summary>
    public static bool RoundsAsItsNorm(this KernelFormat format) =>
        format is KernelFormat.Fp8 or KernelFormat.Fp8Block or KernelFormat.Int8 or KernelFormat.Nvfp4;

    /// <summary>The dense peak rate of a GPU for the format, in operations a second: its own where the GPU has it, else that
    /// of
    /// the next wider format it has; 0 where the catalog has none.</summary>
    public static double Rate(this KernelFormat format, PeakRates rates)
    {
        double wide = Math.Max(rates.Bf16 ?? rates.Fp16 ?? rates.Fp16Accumulate16 ?? 0, rates.Fp32 ?? 0);
        double eight = rates.Fp8 ?? wide;
        return format switch
        {
            KernelFormat.Fp8 or KernelFormat.Fp8Block or KernelFormat.Mxfp4Fp8 => eight,
            KernelFormat.Nvfp4 => rates.Fp4 ?? eight,
            KernelFormat.Int8 => rates.Int8 ?? wide,
            _ => wide,
        };
    }

    private sealed class Facts(string word, double weightBits, double activationBits)
    {
        public string Word => word;

        public double WeightBits => weightBits;

        public double ActivationBits => activationBits;
    }
}
