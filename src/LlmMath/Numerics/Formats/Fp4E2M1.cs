using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LlmMath.Numerics.Formats;

namespace LlmMath.Numerics;

/// <summary>
/// 4-bit floats E2M1: 1 sign, 2 exponent (bias 1) and 1 fraction bit: 0, ½, 1, 1½, 2, 3, 4, 6 and their negatives, no scale. Two
/// in a byte, the first in the low half. Rounds to nearest, ties to even, and saturates: beyond 6, infinities too, is ±6. −0 is
/// kept. NaN cannot be held.
/// Source: OCP Microscaling Formats (MX) Specification, version 1.0, section 5.3.3.
/// </summary>
public readonly struct Fp4E2M1 : IBlockFormat, IVectorForm
{
    /// <inheritdoc/>
    public static string Name => "fp4";

    /// <inheritdoc/>
    public static int BlockElements => 2;

    /// <inheritdoc/>
    public static int BlockBytes => 1;

    /// <summary>The code of the nearest number; of a NaN, that of 6 with its sign.</summary>
    /// <param name="value">Any float.</param>
    public static byte FromSingle(float value) =>
        (byte)((float.IsNegative(value) ? 8 : 0)
            | (float.IsNaN(value) ? 7 : SmallFloat.Encode(MathF.Abs(value), fractionBits: 1, bias: 1, largest: 7)));

    /// <summary>The value of a code, exactly.</summary>
    /// <param name="code">Four bits; higher ones are ignored.</param>
    public static float ToSingle(byte code)
    {
        float magnitude = SmallFloat.Decode(code & 7, fractionBits: 1, bias: 1);
        return (code & 8) == 0 ? magnitude : -magnitude;
    }

    /// <inheritdoc/>
    public static bool TryEncode(ReadOnlySpan<float> values, Span<byte> block)
    {
        block[0] = (byte)(FromSingle(values[0]) | (FromSingle(values[1]) << 4));
        return !float.IsNaN(values[0]) && !float.IsNaN(values[1]);
    }

    /// <inheritdoc/>
    public static bool TryDecode(ReadOnlySpan<byte> block, Span<float> values)
    {
        values[0] = ToSingle(block[0]);
        values[1] = ToSingle((byte)(block[0] >> 4));
        return true;
    }

    /// <inheritdoc/>
    public static int EncodeBlocks(ReadOnlySpan<float> values, Span<byte> blocks) => VectorForm.Encode<Fp4E2M1>(values, blocks);

    /// <inheritdoc/>
    public static int DecodeBlocks(ReadOnlySpan<byte> blocks, Span<float> values) => VectorForm.Decode<Fp4E2M1>(blocks, values);

    // Pairs of codes as 64-bit numbers: the second stands in the upper half, from where it goes to the byte's upper half.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int IVectorForm.Encode<TLanes>(ReadOnlySpan<float> values, Span<byte> blocks)
    {
        int count = ScalarBlocks.Count<Fp4E2M1>(values.Length, blocks.Length), at = 0;
        for (; at + 8 <= count; at += 8)
        {
            Vector512<float> x = Vector512.Create(values.Slice(at * 2, 16));
            if (!Vector512.EqualsAll(x, x))
            {
                break;
            }

            Vector512<uint> sign = (x.AsUInt32() >> 28) & Vector512.Create(8u);
            Vector512<uint> code =
                SmallFloat.Encode(Vector512.Abs(x), fractionBits: 1, bias: 1, largest: 7) & Vector512.Create(7u);
            Vector512<ulong> pairs = (code | sign).AsUInt64();
            MemoryMarshal.Write(blocks[at..], TLanes.LowBytes(pairs | (pairs >> 28)));
        }

        return at + ScalarBlocks.Encode<Fp4E2M1>(values[(at * 2)..], blocks[at..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int IVectorForm.Decode<TLanes>(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        int count = ScalarBlocks.Count<Fp4E2M1>(values.Length, blocks.Length), at = 0;
        var table = Vector512.Create(0, 0.5f, 1, 1.5f, 2, 3, 4, 6, -0f, -0.5f, -1, -1.5f, -2, -3, -4, -6);
        for (; at + 8 <= count; at += 8)
        {
            Vector512<ulong> pairs = TLanes.Widen(MemoryMarshal.Read<ulong>(blocks[at..]));
            TLanes.LookUp(table, (pairs | (pairs << 28)).AsUInt32()).CopyTo(values[(at * 2)..]);
        }

        return at + ScalarBlocks.Decode<Fp4E2M1>(blocks[at..], values[(at * 2)..]);
    }
}
