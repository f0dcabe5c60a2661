using System.Runtime.CompilerServices;

namespace LlmMath.Numerics.Kernels;

/// <summary>q4_k: a header of d and dmin, then six-bit scales and minima of 8 parts (<see cref="BlockScales.SixBits"/>); codes as
/// q4_0's.</summary>
internal readonly unsafe struct Q4_KCodes : IBlockCodes
{
    public static int Parts => 8;

    public static int HeaderLines => 4;

    public static int PartLines => 4;

    public static int Groups => 1;

    public static int Offset => 0;

    public static int Reach => 15;

    public static bool HasMinima => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scales<TSimd, TInt, TFloat>(byte* tile, float* scales)
        where TSimd : struct, ISimd<TInt, TFloat>
        where TInt : struct
        where TFloat : struct =>
        BlockScales.SixBits<TSimd, TInt, TFloat>(tile, scales);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt Codes<TSimd, TInt, TFloat>(byte* part, int i)
        where TSimd : struct, ISimd<TInt, TFloat>
        where TInt : struct
        where TFloat : struct =>
        CodeLines.Nibbles<TSimd, TInt, TFloat>(part, i);
}
