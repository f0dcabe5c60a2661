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
    private const int Width = 16;

    /// <inheritdoc cref="IBlockFormat.EncodeBlocks"/>
    public static int Encode<TFormat, TLanes>(ReadOnlySpan<float> values, Span<byte> blocks)
        where TFormat : struct, IBlockFormat
        where TLanes : struct, IElementLanes
    {
        int count = ScalarBlocks.Count<TFormat>(values.Length, blocks.Length), whole = count - (count % Width);
        ref float from = ref MemoryMarshal.GetReference(values);
        ref byte to = ref MemoryMarshal.GetReference(blocks);
        for (int i = 0; i < whole; i += Width)
        {
            Vector512<uint> codes = TLanes.Encode(Vector512.LoadUnsafe(ref from, (nuint)i));
            if (TFormat.BlockBytes == 1)
            {
                Lanes.LowBytes(codes).StoreUnsafe(ref to, (nuint)i);
            }
            else
            {
                Lanes.LowHalves(codes).AsByte().StoreUnsafe(ref to, (nuint)i * 2);
            }
        }

        return whole + ScalarBlocks.Encode<TFormat>(values[whole..], blocks[(whole * TFormat.BlockBytes)..]);
    }

    /// <inheritdoc cref="IBlockFormat.DecodeBlocks"/>
    public static int Decode<TFormat, TLanes>(ReadOnlySpan<byte> blocks, Span<float> values)
        where TFormat : struct, IBlockFormat
        where TLanes : struct, IElementLanes
    {
        int count = ScalarBlocks.Count<TFormat>(values.Length, blocks.Length), whole = count - (count % Width);
        ref byte from = ref MemoryMarshal.GetReference(blocks);
        ref float to = ref MemoryMarshal.GetReference(values);
        for (int i = 0; i < whole; i += Width)
        {
            Vector512<uint> codes = TFormat.BlockBytes == 1
                ? Lanes.Widen(Vector128.LoadUnsafe(ref from, (nuint)i))
                : Lanes.Widen(Vector256.LoadUnsafe(ref from, (nuint)i * 2).AsUInt16());
            TLanes.Decode(codes).StoreUnsafe(ref to, (nuint)i);
        }

        return whole + ScalarBlocks.Decode<TFormat>(blocks[(whole * TFormat.BlockBytes)..], values[whole..]);
    }
}
