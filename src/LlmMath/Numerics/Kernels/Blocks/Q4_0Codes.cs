using System.Runtime.CompilerServices;

namespace LlmMath.Numerics.Kernels;

/// <summary>q4_0: two parts to a header of two fp16 scales; byte k of line j holds columns 4j + k (low) and 16 + 4j + k
/// (high).</summary>
internal readonly unsafe struct Q4_0Codes : IBlockCodes
{
    public static int Parts => 2;

    public static int HeaderLines => 1;

    public static int PartLines => 4;

    public static int Groups => 1;

    public static int Offset => 8;

    public static int Reach => 8;

    public static bool HasMinima => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scales<TSimd, TInt, TFloat>(byte* tile, float* scales)
        where TSimd : struct, ISimd<TInt, TFloat>
        where TInt : struct
        where TFloat : struct => BlockScales.Pair<TSimd, TInt, TFloat>(tile, scales);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt Codes<TSimd, TInt, TFloat>(byte* part, int i)
        where TSimd : struct, ISimd<TInt, TFloat>
        where TInt : struct
        where TFloat : struct =>
        CodeLines.Nibbles<TSimd, TInt, TFloat>(part, i);
}
