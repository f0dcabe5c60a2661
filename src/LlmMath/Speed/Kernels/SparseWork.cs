using LlmMath.Engines.Kernels;

namespace LlmMath.Speed.Kernels;

/// <summary>What sparse attention reads and computes of a token, by the sizes that models of a kind have in common.</summary>
/// <param name="Width">Elements of a head, keys and values the mean.</param>
/// <param name="KeyElements">Elements cached of a key that is read, one head of them.</param>
/// <param name="IndexElements">Elements that the indexer reads of a cached token.</param>
/// <param name="IndexOperations">Operations of the indexer for a token and a cached one.</param>
internal readonly record struct SparseWork(double Width, double KeyElements, double IndexElements, double IndexOperations)
{
    /// <summary>Those of a kind. DeepSeek-V4's heads are 512 wide, its indexer has 64 heads of 128 in 4 bits and scores one entry
    /// of 4 tokens (config.json of deepseek-ai/DeepSeek-V4-Flash); MiniMax-M3's are 128 wide with 4 index heads of 128 (that
    /// of MiniMaxAI/MiniMax-M3); DeepSeek-V3.2 and GLM-5 have latent vectors of 512 + 64 and at least 32 index heads of 128
    /// (configs of deepseek-ai/DeepSeek-V3.2 and zai-org/GLM-5).</summary>
    public static SparseWork Of(AttentionKind kind) => kind switch
    {
        AttentionKind.Csa => new(512, 512, 16, 2 * 64 * 128 / 4),
        AttentionKind.Hca => new(512, 512, 0, 0),
        AttentionKind.Msa => new(128, 256, 128, 2 * 4 * 128),
        _ => new(544, 576, 128, 2 * 32 * 128),
    };

    /// <summary>The work at a point, with k keys read of c cached tokens by h heads: of one token in each of s sequences bytes
    /// <c>= s·(k·e + c·i)·b/8 + 4·s·h·w</c>, of t new tokens queries and results alone, <c>4·t·h·w</c>; operations of either
    /// <c>= t·(4·h·k·w + c·j)</c>.</summary>
    public KernelWork At(KernelOperator kind, double bits, ReadOnlySpan<double> x)
    {
        (double tokens, double context, double keys, double heads) = (x[0], x[1], x[2], x[3]);
        double read = kind == KernelOperator.DecodeSparse
            ? tokens * ((keys * KeyElements) + (context * IndexElements)) * bits / 8 : 0;
        return new(read + (4 * tokens * heads * Width),
            tokens * ((4 * heads * keys * Width) + (context * IndexOperations)));
    }
}
