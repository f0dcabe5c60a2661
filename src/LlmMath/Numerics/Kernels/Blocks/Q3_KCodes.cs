using System.Runtime.CompilerServices;

namespace LlmMath.Numerics.Kernels;

/// <summary>q3_k: a tile is two blocks: a header of both d, then three lines of six-bit scales each; a part is a line of third
/// bits (<see cref="CodeLines.Bit"/>), then q2_k's codes.</summary>
internal readonly unsafe struct Q3_KCodes : IBlockCodes
{
    public static int Parts => 16;

    public static int HeaderLines => 7;

    public static int PartLines => 3;

    public static int Groups => 2;

    public static int Offset => 4;

    public static int Reach => 4;

    public static bool HasMinima => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scales<TSimd, TInt, TFloat>(byte* tile, float* scales)
        where TSimd : struct, ISimd<TInt, TFloat>
        where TInt : struct
        where TFloat : struct
    {
        BlockScales.SixBitPairs<TSimd, TInt, TFloat>(TSimd.ShiftLeft(TSimd.Load(tile), 16), unchecked(tile + 64), scales);
        BlockScales.SixBitPairs<TSimd, TInt, TFloat>(TSimd.Load(tile), unchecked(tile + 256), unchecked(scales + (16 * 16)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt Codes<TSimd, TInt, TFloat>(byte* part, int i)
        where TSimd : struct, ISimd<TInt, TFloat>
        where TInt : struct
        where TFloat : struct =>
        TSimd.Or(
            CodeLines.Pairs<TSimd, TInt, TFloat>(unchecked(part + 64), i, 0), CodeLines.Bit<TSimd, TInt, TFloat>(part, i, 2));
}
