using System.Runtime.CompilerServices;

namespace LlmMath.Numerics.Kernels;

/// <summary>q5_k: as q4_k; codes as q5_0's.</summary>
internal readonly unsafe struct Q5_KCodes : IBlockCodes
{
    public static int Parts => 8;

    public static int HeaderLines => 4;

    public static int PartLines => 5;

    public static int Groups => 1;

    public static int Offset => 0;

    public static int Reach => 31;

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
        TSimd.Or(CodeLines.Nibbles<TSimd, TInt, TFloat>(unchecked(part + 64), i), CodeLines.Bit<TSimd, TInt, TFloat>(part, i, 4));
}
