using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LlmMath.Numerics.Vectors;

namespace LlmMath.Numerics.Formats;

/// <summary>The vector form of a format without scales, of one or two bytes an element.</summary>
internal interface IElementLanes
{
    /// <summary>The codes of sixteen values, one in each lane; bits above the code are ignored.</summary>
    static abstract Vector512<uint> Encode(Vector512<float> values);

    /// <summary>Whether <see cref="DecodePlain"/> decodes the 64 elements at a place: it is quicker than
    /// <see cref="Decode"/>.</summary>
    static abstract bool ArePlain(ref byte codes);

    /// <summary>The values of sixteen plain codes, one in each lane, its sign extended.</summary>
    static abstract Vector512<float> DecodePlain<TLanes>(Vector512<int> codes)
        where TLanes : struct, ILanes;

    /// <summary>The values of any sixteen codes, one in each lane, its sign extended.</summary>
    static abstract Vector512<float> Decode(Vector512<int> codes);
}

/// <summary>Loops by a format's vector form, sixteen elements at a time; the last few go by the scalar definition.</summary>
internal static class ElementLanes
{
    private const int Width = 16, Unrolled = 4 * Width;

    /// <inheritdoc cref="IBlockFormat.EncodeBlocks"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Encode<TFormat, TElement, TLanes>(ReadOnlySpan<float> values, Span<byte> blocks)
        where TFormat : struct, IBlockFormat
        where TElement : struct, IElementLanes
        where TLanes : struct, ILanes
    {
        int count = ScalarBlocks.Count<TFormat>(values.Length, blocks.Length), whole = count - (count % Width);
        ref float from = ref MemoryMarshal.GetReference(values);
        ref byte to = ref MemoryMarshal.GetReference(blocks);
        nuint at = 0;
        for (; at + Unrolled <= (nuint)whole; at += Unrolled)
        {
            Encode<TFormat, TElement, TLanes>(ref from, ref to, at);
            Encode<TFormat, TElement, TLanes>(ref from, ref to, at + Width);
            Encode<TFormat, TElement, TLanes>(ref from, ref to, at + (2 * Width));
            Encode<TFormat, TElement, TLanes>(ref from, ref to, at + (3 * Width));
        }

        for (; at < (nuint)whole; at += Width)
        {
            Encode<TFormat, TElement, TLanes>(ref from, ref to, at);
        }

        return whole + ScalarBlocks.Encode<TFormat>(values[whole..], blocks[(whole * TFormat.BlockBytes)..]);
    }

    /// <inheritdoc cref="IBlockFormat.DecodeBlocks"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Decode<TFormat, TElement, TLanes>(ReadOnlySpan<byte> blocks, Span<float> values)
        where TFormat : struct, IBlockFormat
        where TElement : struct, IElementLanes
        where TLanes : struct, ILanes
    {
        int count = ScalarBlocks.Count<TFormat>(values.Length, blocks.Length), whole = count - (count % Width);
        ref byte from = ref MemoryMarshal.GetReference(blocks);
        ref float to = ref MemoryMarshal.GetReference(values);
        nuint at = 0;
        while (at < (nuint)whole)
        {
            if (at + Unrolled <= (nuint)whole && TElement.ArePlain(ref Unsafe.Add(ref from, at * (nuint)TFormat.BlockBytes)))
            {
                TElement.DecodePlain<TLanes>(Load<TFormat, TLanes>(ref from, at)).StoreUnsafe(ref to, at);
                TElement.DecodePlain<TLanes>(Load<TFormat, TLanes>(ref from, at + Width)).StoreUnsafe(ref to, at + Width);
                TElement.DecodePlain<TLanes>(Load<TFormat, TLanes>(ref from, at + (2 * Width)))
                    .StoreUnsafe(ref to, at + (2 * Width));
                TElement.DecodePlain<TLanes>(Load<TFormat, TLanes>(ref from, at + (3 * Width)))
                    .StoreUnsafe(ref to, at + (3 * Width));
                at += Unrolled;
                continue;
            }

            for (nuint end = Math.Min(at + Unrolled, (nuint)whole); at < end; at += Width)
            {
                TElement.Decode(Load<TFormat, TLanes>(ref from, at)).StoreUnsafe(ref to, at);
            }
        }

        return whole + ScalarBlocks.Decode<TFormat>(blocks[(whole * TFormat.BlockBytes)..], values[whole..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Encode<TFormat, TElement, TLanes>(ref float from, ref byte to, nuint at)
        where TFormat : struct, IBlockFormat
        where TElement : struct, IElementLanes
        where TLanes : struct, ILanes
    {
        Vector512<uint> codes = TElement.Encode(Vector512.LoadUnsafe(ref from, at));
        if (TFormat.BlockBytes == 1)
        {
            TLanes.LowBytes(codes).StoreUnsafe(ref to, at);
        }
        else
        {
            TLanes.LowHalves(codes).AsByte().StoreUnsafe(ref to, at * 2);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Load<TFormat, TLanes>(ref byte from, nuint at)
        where TFormat : struct, IBlockFormat
        where TLanes : struct, ILanes => TFormat.BlockBytes == 1
            ? TLanes.Widen(Vector128.LoadUnsafe(ref from, at).AsSByte())
            : TLanes.Widen(Vector256.LoadUnsafe(ref from, at * 2).AsInt16());
}
