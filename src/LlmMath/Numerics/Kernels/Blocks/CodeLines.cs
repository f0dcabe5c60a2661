using System.Runtime.CompilerServices;

namespace LlmMath.Numerics.Kernels;

/// <summary>Codes out of a part's lines: those of columns 4i to 4i + 3, i from 0 to 7, a byte each.</summary>
internal static unsafe class CodeLines
{
    /// <summary>4 lines of nibbles: line j holds i = j in the low ones, i = 4 + j in the high ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt Nibbles<TSimd, TInt, TFloat>(byte* lines, int i)
        where TSimd : struct, ISimd<TInt, TFloat>
        where TInt : struct
        where TFloat : struct
    {
        TInt bytes = TSimd.Load(unchecked(lines + (64 * (i % 4))));
        return TSimd.And(i < 4 ? bytes : TSimd.ShiftRight(bytes, 4), TSimd.Set(0x0F0F0F0F));
    }

    /// <summary>2 lines of pairs of bits, moved to <paramref name="place"/>: line j holds i = 2p + j in bits 2p and 2p +
    /// 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt Pairs<TSimd, TInt, TFloat>(byte* lines, int i, int place)
        where TSimd : struct, ISimd<TInt, TFloat>
        where TInt : struct
        where TFloat : struct =>
            Field<TSimd, TInt, TFloat>(unchecked(lines + (64 * (i % 2))), i / 2 * 2, place, 0x03030303 << place);

    /// <summary>A line of single bits, bit i of each byte, moved to <paramref name="place"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TInt Bit<TSimd, TInt, TFloat>(byte* line, int i, int place)
        where TSimd : struct, ISimd<TInt, TFloat>
        where TInt : struct
        where TFloat : struct => Field<TSimd, TInt, TFloat>(line, i, place, 0x01010101 << place);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TInt Field<TSimd, TInt, TFloat>(byte* line, int from, int place, int mask)
        where TSimd : struct, ISimd<TInt, TFloat>
        where TInt : struct
        where TFloat : struct
    {
        TInt bits = TSimd.Load(line);
        TInt moved = from < place ? TSimd.ShiftLeft(bits, place - from) : from > place ? TSimd.ShiftRight(bits, from - place)
            : bits;
        return TSimd.And(moved, TSimd.Set(mask));
    }
}
