using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LlmMath;

/// <summary>The vector form of a format without scales, of one or two bytes an element.</summary>
internal interface IElementLanes
{
    /// <summary>The codes of sixteen values, one in each lane.</summary>
    static abstract Vector512<uint> Encode(Vector512<float> values);

    /// <summary>The values of sixteen codes, one in each lane; bits above the code are 0.</summary>
    static abstract Vector512<float> Decode(Vector512<uint> codes);
}

/// <summary>Loops by a format's vector form, sixteen elements at a time; the last few go by the scalar definition.</summary>
internal static class ElementLanes
{
    private const int Width = 16, Unrolled = 4 * Width;

    /// <inheritdoc cref="IBlockFormat.EncodeBlocks"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Encode<TFormat, TLanes>(ReadOnlySpan<float> values, Span<byte> blocks)
        where TFormat : struct, IBlockFormat
        where TLanes : struct, IElementLanes
    {
        int count = ScalarBlocks.Count<TFormat>(values.Length, blocks.Length), whole = count - (count % Width);
        ref float from = ref MemoryMarshal.GetReference(values);
        ref byte to = ref MemoryMarshal.GetReference(blocks);
        nuint at = 0;
        for (; at + Unrolled <= (nuint)whole; at += Unrolled)
        {
            Encode<TFormat, TLanes>(ref from, ref to, at);
            Encode<TFormat, TLanes>(ref from, ref to, at + Width);
            Encode<TFormat, TLanes>(ref from, ref to, at + (2 * Width));
            Encode<TFormat, TLanes>(ref from, ref to, at + (3 * Width));
        }

        for (; at < (nuint)whole; at += Width)
        {
            Encode<TFormat, TLanes>(ref from, ref to, at);
        }

        return whole + ScalarBlocks.Encode<TFormat>(values[whole..], blocks[(whole * TFormat.BlockBytes)..]);
    }

    /// <inheritdoc cref="IBlockFormat.DecodeBlocks"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Decode<TFormat, TLanes>(ReadOnlySpan<byte> blocks, Span<float> values)
        where TFormat : struct, IBlockFormat
        where TLanes : struct, IElementLanes
    {
        int count = ScalarBlocks.Count<TFormat>(values.Length, blocks.Length), whole = count - (count % Width);
        ref byte from = ref MemoryMarshal.GetReference(blocks);
        ref float to = ref MemoryMarshal.GetReference(values);
        nuint at = 0;
        for (; at + Unrolled <= (nuint)whole; at += Unrolled)
        {
            Decode<TFormat, TLanes>(ref from, ref to, at);
            Decode<TFormat, TLanes>(ref from, ref to, at + Width);
            Decode<TFormat, TLanes>(ref from, ref to, at + (2 * Width));
            Decode<TFormat, TLanes>(ref from, ref to, at + (3 * Width));
        }

        for (; at < (nuint)whole; at += Width)
        {
            Decode<TFormat, TLanes>(ref from, ref to, at);
        }

        return whole + ScalarBlocks.Decode<TFormat>(blocks[(whole * TFormat.BlockBytes)..], values[whole..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Encode<TFormat, TLanes>(ref float from, ref byte to, nuint at)
        where TFormat : struct, IBlockFormat
        where TLanes : struct, IElementLanes
    {
        Vector512<uint> codes = TLanes.Encode(Vector512.LoadUnsafe(ref from, at));
        if (TFormat.BlockBytes == 1)
        {
            Lanes.LowBytes(codes).StoreUnsafe(ref to, at);
        }
        else
        {
            Lanes.LowHalves(codes).AsByte().StoreUnsafe(ref to, at * 2);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Decode<TFormat, TLanes>(ref byte from, ref float to, nuint at)
        where TFormat : struct, IBlockFormat
        where TLanes : struct, IElementLanes
    {
        Vector512<uint> codes = TFormat.BlockBytes == 1
            ? Lanes.Widen(Vector128.LoadUnsafe(ref from, at))
            : Lanes.Widen(Vector256.LoadUnsafe(ref from, at * 2).AsUInt16());
        TLanes.Decode(codes).StoreUnsafe(ref to, at);
    }
}
