#if NET10_0_OR_GREATER
using System.Runtime.Intrinsics;

namespace LlmMath.Numerics.Kernels;

/// <summary>The kernels that AVX-VNNI has: blocks and Q8 activations.</summary>
internal static class VnniKernels
{
    private static readonly ProductKernel?[] s_kernels = [.. Enum.GetValues<ProductKind>().Select(Kernel)];

    /// <summary>The kernel, or null where AVX-VNNI is of no use.</summary>
    public static ProductKernel? Of(ProductKind kind) => s_kernels[(int)kind];

    private static ProductKernel? Kernel(ProductKind kind) => kind switch
    {
        ProductKind.Q8_0 => Dots<Q8_0Codes, SignedVnniDots>(),
        ProductKind.Q4_0 => Dots<Q4_0Codes, VnniDots>(),
        ProductKind.Q4_1 => Dots<Q4_1Codes, VnniDots>(),
        ProductKind.Q5_0 => Dots<Q5_0Codes, VnniDots>(),
        ProductKind.Q5_1 => Dots<Q5_1Codes, VnniDots>(),
        ProductKind.Q2_K => Dots<Q2_KCodes, VnniDots>(),
        ProductKind.Q3_K => Dots<Q3_KCodes, VnniDots>(),
        ProductKind.Q4_K => Dots<Q4_KCodes, VnniDots>(),
        ProductKind.Q5_K => Dots<Q5_KCodes, VnniDots>(),
        ProductKind.Q6_K => Dots<Q6_KCodes, VnniDots>(),
        _ => null,
    };

    private static ProductKernel Dots<TCodes, TDots>()
        where TCodes : struct, IBlockCodes
        where TDots : struct, IByteDots<Vector256<int>> =>
        ProductKernel.Of<
            BlockProduct<TCodes, TDots, Simd256, Vector256<int>, Vector256<float>>, Simd256, Vector256<int>, Vector256<float>>();
}
#endif
