using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LlmMath;

/// <summary>
/// GGUF's IQ4_NL: 32 4-bit codes with one fp16 scale d, 18 bytes. x ≈ d·v(q), v the 16 whole numbers of <see cref="Values"/>,
/// denser around 0.
/// Layout: d (2 bytes, little-endian), then 16 bytes: byte i holds element i in its low and element i + 16 in its high half.
/// Encoding tries several scales and takes that of the least squared error; the bits may differ from those of other encoders.
/// Source: ggml-org/ggml, src/ggml-common.h (block_iq4_nl, kvalues_iq4nl) and src/ggml-quants.c, commit d99724f2b141.
/// </summary>
public readonly struct IQ4_NL : IBlockFormat
{
    private const int Reach = 6;

    /// <inheritdoc/>
    public static string Name => "iq4_nl";

    /// <inheritdoc/>
    public static int BlockElements => 32;

    /// <inheritdoc/>
    public static int BlockBytes => 18;

    private static readonly FourBitTable s_table =
        new([-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113]);

    /// <summary>The value of each code, before the scale.</summary>
    public static ReadOnlySpan<float> Values => s_table.Values;

    /// <inheritdoc/>
    public static bool TryEncode(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<float> unit = stackalloc float[32];
        float greatest = BlockMath.MaxMagnitude(values[..32]), size = BlockMath.Normalize(values, greatest, unit);
        ushort scale = Fp16.FromSingle(float.IsFinite(greatest) ? BestScale(unit) * size : greatest);
        BinaryPrimitives.WriteUInt16LittleEndian(block, scale);
        if (!Fp16.IsFinite(scale))
        {
            return false;
        }

        float inverse = BlockMath.Inverse(Fp16.ToSingle(scale));
        for (int i = 0; i < 16; i++)
        {
            block[2 + i] = (byte)(s_table.Code(values[i] * inverse) | (s_table.Code(values[i + 16] * inverse) << 4));
        }

        return true;
    }

    /// <inheritdoc/>
    public static bool TryDecode(ReadOnlySpan<byte> block, Span<float> values)
    {
        ushort scale = BinaryPrimitives.ReadUInt16LittleEndian(block);
        float d = Fp16.ToSingle(scale);
        for (int i = 0; i < 16; i++)
        {
            values[i] = d * Values[block[2 + i] & 15];
            values[i + 16] = d * Values[block[2 + i] >> 4];
        }

        return Fp16.IsFinite(scale);
    }

    /// <inheritdoc/>
    public static int EncodeBlocks(ReadOnlySpan<float> values, Span<byte> blocks) => ScalarBlocks.Encode<IQ4_NL>(values, blocks);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int DecodeBlocks(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        int count = ScalarBlocks.Count<IQ4_NL>(values.Length, blocks.Length);
        ref byte from = ref MemoryMarshal.GetReference(blocks);
        ref float to = ref MemoryMarshal.GetReference(values);
        var units = Vector512.Create(s_table.Values);
        for (int i = 0; i < count; i++)
        {
            ushort scale = Unsafe.ReadUnaligned<ushort>(ref from);
            if (!Fp16.IsFinite(scale))
            {
                return i;
            }

            FourBits.Decode(ref Unsafe.Add(ref from, 2), units * Fp16.ToSingle(scale), ref to);
            from = ref Unsafe.Add(ref from, 18);
            to = ref Unsafe.Add(ref to, 32);
        }

        return count;
    }

    // The value of greatest magnitude goes to either end of the range or near it. With codes given, the best scale is Σxv ÷ Σv²,
    // and it lowers the squared error by (Σxv)² ÷ Σv².
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float BestScale(ReadOnlySpan<float> x)
    {
        float peak = BlockMath.OfGreatestMagnitude(x), best = 0, bestGain = 0;
        if (peak == 0)
        {
            return 0;
        }

        Vector512<float> a = Vector512.Create(x[..16]), b = Vector512.Create(x[16..]);
        Vector512<float> table = Vector512.Create(s_table.Values), midpoints = s_table.Midpoints;
        for (int t = -Reach; t <= Reach; t += 2)
        {
            for (int end = 0; end < 16; end += 15)
            {
                var inverse = Vector512.Create((Values[end] + t) / peak);
                Vector512<float> va = Lanes.LookUp(table, FourBitTable.Codes(a * inverse, midpoints)),
                    vb = Lanes.LookUp(table, FourBitTable.Codes(b * inverse, midpoints));
                float sumXV = Lanes.Sum((a * va) + (b * vb)), sumVV = Lanes.Sum((va * va) + (vb * vb));
                if (sumVV > 0 && sumXV * sumXV > bestGain * sumVV)
                {
                    (best, bestGain) = (sumXV / sumVV, sumXV * sumXV / sumVV);
                }
            }
        }

        return best;
    }
}
