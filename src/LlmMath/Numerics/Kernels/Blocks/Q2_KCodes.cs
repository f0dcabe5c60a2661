using System.Runtime.CompilerServices;

namespace LlmMath.Numerics.Kernels;

/// <summary>q2_k: a header of d and dmin, then four lines of four-bit scales and minima; of a part's 2 lines, byte k of line j
/// holds columns 8p + 4j + k in its bits 2p and 2p + 1.</summary>
internal readonly unsafe struct Q2_KCodes : IBlockCodes
{
    public static int Parts => 8;

    public static int HeaderLines => 5;

    public static int PartLines => 2;

    public static int Groups => 2;

    public static int Offset => 0;

    public static int Reach => 3;

    public static bool HasMinima => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scales<TSimd, TInt, TFloat>(byte* tile, float* scales)
        where TSimd : struct, ISimd<TInt, TFloat>
        where TInt : struct
        where TFloat : struct =>
        BlockScales.FourBits<TSimd, TInt, TFloat>(tile, scales);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt Codes<TSimd, TInt, TFloat>(byte* part, int i)
        where TSimd : struct, ISimd<TInt, TFloat>
        where TInt : struct
        where TFloat : struct =>
        CodeLines.Pairs<TSimd, TInt, TFloat>(part, i, 0);
}
