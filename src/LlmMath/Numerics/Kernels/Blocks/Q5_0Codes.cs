using System.Runtime.CompilerServices;

namespace LlmMath.Numerics.Kernels;

/// <summary>q5_0: two parts to a header of two fp16 scales; a part is a line of fifth bits (<see cref="CodeLines.Bit"/>), then
/// q4_0's codes.</summary>
internal readonly unsafe struct Q5_0Codes : IBlockCodes
{
    public static int Parts => 2;

    public static int HeaderLines => 1;

    public static int PartLines => 5;

    public static int Groups => 1;

    public static int Offset => 16;

    public static int Reach => 16;

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
        TSimd.Or(CodeLines.Nibbles<TSimd, TInt, TFloat>(unchecked(part + 64), i), CodeLines.Bit<TSimd, TInt, TFloat>(part, i, 4));
}
