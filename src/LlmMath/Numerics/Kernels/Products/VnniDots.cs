#if NET10_0_OR_GREATER
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LlmMath.Numerics.Kernels;

/// <summary>Unsigned bytes by AVX-VNNI: four products summed in one instruction. (.NET has its 512-bit form in AVX10.2
/// alone.)</summary>
internal readonly unsafe struct VnniDots : IByteDots<Vector256<int>>
{
    public static ActivationLayout Layout => ActivationLayout.Bytes;

    public static int Bytes => 32;

    public static bool IsByHalves => false;

    public static int Offset => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sum, Vector256<int> codes, byte* x, int i) =>
        AvxVnni.MultiplyWideningAndAdd(sum, codes.AsByte(), Vector256.Create(unchecked(((int*)x)[i])).AsSByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Widen(Vector256<int> sum) => sum;
}

/// <summary>Signed bytes by AVX-VNNI: made unsigned by a flip of their top bit.</summary>
internal readonly unsafe struct SignedVnniDots : IByteDots<Vector256<int>>
{
    public static ActivationLayout Layout => ActivationLayout.Bytes;

    public static int Bytes => 32;

    public static bool IsByHalves => false;

    public static int Offset => 128;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sum, Vector256<int> codes, byte* x, int i) =>
        VnniDots.Add(sum, codes ^ Vector256.Create(unchecked((int)0x80808080)), x, i);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Widen(Vector256<int> sum) => sum;
}
#endif
