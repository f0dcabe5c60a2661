using System.Numerics;
using System.Runtime.Intrinsics;

namespace LlmMath.Kernels;

/// <summary>The kernels by kind and path.</summary>
internal static class ProductKernels
{
    public static ProductKernel Of(ProductKind kind, KernelPath path) => path switch
    {
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
            ProductKind.Bf16 => ProductKernel.Of<Bf16Product<TSimd, TInt, TFloat>, TSimd, TInt, TFloat>(),
            ProductKind.Fp16 => ProductKernel.Of<Fp16Product<TSimd, TInt, TFloat>, TSimd, TInt, TFloat>(),
            ProductKind.Fp16Any => ProductKernel.Of<Fp16AnyProduct<TSimd, TInt, TFloat>, TSimd, TInt, TFloat>(),
            ProductKind.Q8 => ProductKernel.Of<Q8Product<TSimd, TInt, TFloat>, TSimd, TInt, TFloat>(),
            ProductKind.Q8Float => ProductKernel.Of<Q8FloatProduct<TSimd, TInt, TFloat>, TSimd, TInt, TFloat>(),
            ProductKind.Q4 => ProductKernel.Of<Q4Product<TSimd, TInt, TFloat>, TSimd, TInt, TFloat>(),
            ProductKind.Q4Float => ProductKernel.Of<Q4FloatProduct<TSimd, TInt, TFloat>, TSimd, TInt, TFloat>(),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
    }
}
