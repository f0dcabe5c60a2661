using System.Runtime.CompilerServices;

namespace LlmMath.Numerics.Kernels;

/// <summary>q4_1: a header of scale and minimum in fp16; codes as q4_0's.</summary>
internal readonly unsafe struct Q4_1Codes : IBlockCodes
{
    public static int Parts => 1;

    public static int HeaderLines => 1;

    public static int PartLines => 4;

    public static int Groups => 1;

    public static int Offset => 0;

    public static int Reach => 15;

    public static bool HasMinima => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scales<TSimd, TInt, TFloat>(byte* tile, float* scales)
        where TSimd : struct, ISimd<TInt, TFloat>
        where TInt : struct
        where TFloat : struct => BlockScales.WithMinimum<TSimd, TInt, TFloat>(tile, scales);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt Codes<TSimd, TInt, TFloat>(byte* part, int i)
        where TSimd : struct, ISimd<TInt, TFloat>
        where TInt : struct
        where TFloat : struct =>
        CodeLines.Nibbles<TSimd, TInt, TFloat>(part, i);
}
