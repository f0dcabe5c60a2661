using LlmMath.Architectures;
using LlmMath.Interchange;

namespace LlmMath.Formats;

/// <summary>GGUF's number formats as encodings.</summary>
internal static class GgufEncodings
{
    public static readonly TensorEncoding
        F32 = Named("F32"), F16 = Named("F16"), BF16 = Named("BF16"),
        Q40 = Named("Q4_0"), Q41 = Named("Q4_1"), Q50 = Named("Q5_0"), Q51 = Named("Q5_1"), Q80 = Named("Q8_0"),
        Q2K = Named("Q2_K"), Q3K = Named("Q3_K"), Q4K = Named("Q4_K"), Q5K = Named("Q5_K"), Q6K = Named("Q6_K"),
        Iq4Nl = Named("IQ4_NL"), Iq4Xs = Named("IQ4_XS"), Iq3S = Named("IQ3_S"), Iq3Xxs = Named("IQ3_XXS"),
        Iq2S = Named("IQ2_S"), Iq2Xs = Named("IQ2_XS"), Iq2Xxs = Named("IQ2_XXS"), Iq1S = Named("IQ1_S"), Iq1M = Named("IQ1_M"),
        Tq10 = Named("TQ1_0"), Tq20 = Named("TQ2_0"), Mxfp4 = Named("MXFP4");

    /// <summary>What stands in for a format whose blocks do not divide a row. Source: ggml-org/llama.cpp (fork
    /// unslothai/llama.cpp), src/llama-quant.cpp, <c>tensor_type_fallback</c>, commit d32676d77426.</summary>
    public static TensorEncoding Fallback(TensorEncoding wanted, MatrixDimensions tensor)
    {
        if (wanted.Divides(tensor))
        {
            return wanted;
        }

        TensorEncoding instead = wanted.Name switch
        {
            "IQ4_XS" or "IQ3_S" or "IQ3_XXS" or "IQ2_S" or "IQ2_XS" or "IQ2_XXS" or "IQ1_S" or "IQ1_M" => Iq4Nl,
            "Q2_K" or "Q3_K" or "TQ1_0" or "TQ2_0" => Q40,
            "Q4_K" => Q50,
            "Q5_K" => Q51,
            "Q6_K" => Q80,
            _ => F16,
        };
        return instead.Divides(tensor) ? instead : F16;
    }

    private static TensorEncoding Named(string name)
    {
        GgufType type = GgufType.Named(name)
            ?? throw new ArgumentException($"{name} is no number format of GGUF.", nameof(name));
        return new(name, type.BlockElements, 8 * type.BlockBytes);
    }
}
