using System.Runtime.CompilerServices;

namespace LlmMath.Numerics.Kernels;

/// <summary>q6_k: a tile is two blocks: a header of both d, then four lines of 8-bit scales each; a part is two lines of high
/// bits, laid out as q2_k's, then q4_0's codes.</summary>
internal readonly unsafe struct Q6_KCodes : IBlockCodes
{
    public static int Parts => 16;

    public static int HeaderLines => 9;

    public static int PartLines => 6;

    public static int Groups => 2;

    public static int Offset => 32;

    public static int Reach => 32;

    public static bool HasMinima => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scales<TSimd, TInt, TFloat>(byte* tile, float* scales)
        where TSimd : struct, ISimd<TInt, TFloat>
        where TInt : struct
        where TFloat : struct
    {
        BlockScales.Bytes<TSimd, TInt, TFloat>(TSimd.ShiftLeft(TSimd.Load(tile), 16), unchecked(tile + 64), scales);
        BlockScales.Bytes<TSimd, TInt, TFloat>(TSimd.Load(tile), unchecked(tile + 320), unchecked(scales + (16 * 16)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt Codes<TSimd, TInt, TFloat>(byte* part, int i)
        where TSimd : struct, ISimd<TInt, TFloat>
        where TInt : struct
        where TFloat : struct =>
        TSimd.Or(
            CodeLines.Nibbles<TSimd, TInt, TFloat>(unchecked(part + 128), i), CodeLines.Pairs<TSimd, TInt, TFloat>(part, i, 4));
}
