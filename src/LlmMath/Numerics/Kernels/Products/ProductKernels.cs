using System.Numerics;
using System.Runtime.Intrinsics;

namespace LlmMath.Numerics.Kernels;

/// <summary>The kernels by kind and path.</summary>
internal static class ProductKernels
{
    public static ProductKernel Of(ProductKind kind, KernelPath path) => path switch
    {
#if NET10_0_OR_GREATER
        KernelPath.Vnni => VnniKernels.Of(kind) ?? Of(kind, KernelPath.Vector256),
#endif
        KernelPath.Vector512 => On<Simd512, Vector512<int>, Vector512<float>>.Kernels[(int)kind],
        KernelPath.Vector256 => On<Simd256, Vector256<int>, Vector256<float>>.Kernels[(int)kind],
        _ => On<SimdPortable, Vector<int>, Vector<float>>.Kernels[(int)kind],
    };

    /// <summary>The kernels of one instruction set.</summary>
    private static class On<TSimd, TInt, TFloat>
        where TSimd : struct, ISimd<TInt, TFloat>
        where TInt : struct
        where TFloat : struct
    {
        public static readonly ProductKernel[] Kernels = [.. Enum.GetValues<ProductKind>().Select(Kernel)];

        private static ProductKernel Kernel(ProductKind kind) => kind switch
        {
            ProductKind.Fp32 => ProductKernel.Of<Fp32Product<TSimd, TInt, TFloat>, TSimd, TInt, TFloat>(),
            ProductKind.Bf16 => Half<Bf16Halves>(),
            ProductKind.Fp16 => Half<Fp16Halves>(),
            ProductKind.Fp16Any => Half<AnyFp16Halves>(),
            ProductKind.Q8_0 => Signed<Q8_0Codes>(),
            ProductKind.Q8_0Float => BlockFloat<Q8_0Codes>(),
            ProductKind.Q4_0 => Block<Q4_0Codes>(),
            ProductKind.Q4_0Float => BlockFloat<Q4_0Codes>(),
            ProductKind.Q4_1 => Block<Q4_1Codes>(),
            ProductKind.Q4_1Float => BlockFloat<Q4_1Codes>(),
            ProductKind.Q5_0 => Block<Q5_0Codes>(),
            ProductKind.Q5_0Float => BlockFloat<Q5_0Codes>(),
            ProductKind.Q5_1 => Block<Q5_1Codes>(),
            ProductKind.Q5_1Float => BlockFloat<Q5_1Codes>(),
            ProductKind.Q2_K => Block<Q2_KCodes>(),
            ProductKind.Q2_KFloat => BlockFloat<Q2_KCodes>(),
            ProductKind.Q3_K => Block<Q3_KCodes>(),
            ProductKind.Q3_KFloat => BlockFloat<Q3_KCodes>(),
            ProductKind.Q4_K => Block<Q4_KCodes>(),
            ProductKind.Q4_KFloat => BlockFloat<Q4_KCodes>(),
            ProductKind.Q5_K => Block<Q5_KCodes>(),
            ProductKind.Q5_KFloat => BlockFloat<Q5_KCodes>(),
            ProductKind.Q6_K => Block<Q6_KCodes>(),
            ProductKind.Q6_KFloat => BlockFloat<Q6_KCodes>(),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };

        private static ProductKernel Half<THalves>()
            where THalves : struct, IHalves =>
            ProductKernel.Of<HalfProduct<THalves, TSimd, TInt, TFloat>, TSimd, TInt, TFloat>();

        /// <summary>Codes that are unsigned bytes.</summary>
        private static ProductKernel Block<TCodes>()
            where TCodes : struct, IBlockCodes =>
            TSimd.MultipliesBytes ? Dots<TCodes, PairDots<TSimd, TInt, TFloat>>()
            : Dots<TCodes, HalfDots<TSimd, TInt, TFloat>>();

        /// <summary>Codes that are signed bytes.</summary>
        private static ProductKernel Signed<TCodes>()
            where TCodes : struct, IBlockCodes =>
            TSimd.MultipliesBytes ? Dots<TCodes, SignedPairDots<TSimd, TInt, TFloat>>()
            : Dots<TCodes, SignedHalfDots<TSimd, TInt, TFloat>>();

        private static ProductKernel Dots<TCodes, TDots>()
            where TCodes : struct, IBlockCodes
            where TDots : struct, IByteDots<TInt> =>
            ProductKernel.Of<BlockProduct<TCodes, TDots, TSimd, TInt, TFloat>, TSimd, TInt, TFloat>();

        private static ProductKernel BlockFloat<TCodes>()
            where TCodes : struct, IBlockCodes =>
            ProductKernel.Of<BlockFloatProduct<TCodes, TSimd, TInt, TFloat>, TSimd, TInt, TFloat>();
    }
}
