using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LlmMath;

/// <summary>
/// GGUF's IQ4_NL: 32 4-bit codes with one fp16 scale d, 18 bytes. x ≈ d·v(q), v the 16 whole numbers of <see cref="Values"/>, denser around 0.
/// Layout: d (2 bytes, little-endian), then 16 bytes: byte i holds element i in its low and element i + 16 in its high half.
/// Encoding tries several scales and takes that of the least squared error; the bits may differ from those of other encoders.
/// Source: ggml-org/ggml, src/ggml-common.h (block_iq4_nl, kvalues_iq4nl) and src/ggml-quants.c, commit d99724f2b141.
/// </summary>
public readonly struct IQ4_NL : IBlockFormat
{
    private const int Tries = 7;

    /// <inheritdoc/>
    public static string Name => "iq4_nl";

    /// <inheritdoc/>
    public static int BlockElements => 32;

    /// <inheritdoc/>
    public static int BlockBytes => 18;

    /// <summary>The value of each code, before the scale.</summary>
    public static ReadOnlySpan<sbyte> Values => [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

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
            block[2 + i] = (byte)(Code(values[i] * inverse) | (Code(values[i + 16] * inverse) << 4));
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
    public static int DecodeBlocks(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        int count = ScalarBlocks.Count<IQ4_NL>(values.Length, blocks.Length);
        ref byte from = ref MemoryMarshal.GetReference(blocks);
        ref float to = ref MemoryMarshal.GetReference(values);
        var units = Vector512.Create(-127f, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113);
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

    // How many midpoints between neighbouring values lie below.
    private static int Code(float scaled)
    {
        int code = 0;
        for (int i = 0; i < 15; i++)
        {
            code += scaled > Midpoint(i) ? 1 : 0;
        }

        return code;
    }

    private static float Midpoint(int code) => (Values[code] + Values[code + 1]) / 2f;

    // The value of greatest magnitude goes to either end of the range or near it. With codes given, the best scale is Σxv ÷ Σv², and it lowers
    // the squared error by (Σxv)² ÷ Σv².
    private static float BestScale(ReadOnlySpan<float> x)
    {
        float peak = BlockMath.OfGreatestMagnitude(x), best = 0, bestGain = 0;
        if (peak == 0)
        {
            return 0;
        }

        Vector512<float> a = Vector512.Create(x[..16]), b = Vector512.Create(x[16..]);
        for (int t = -Tries; t <= Tries; t++)
        {
            foreach (int end in (ReadOnlySpan<int>)[Values[0], Values[15]])
            {
                float inverse = (end + t) / peak;
                Vector512<float> va = Nearest(a * inverse), vb = Nearest(b * inverse);
                float sumXV = Lanes.Sum((a * va) + (b * vb)), sumVV = Lanes.Sum((va * va) + (vb * vb));
                if (sumVV > 0 && sumXV * sumXV > bestGain * sumVV)
                {
                    (best, bestGain) = (sumXV / sumVV, sumXV * sumXV / sumVV);
                }
            }
        }

        return best;
    }

    private static Vector512<float> Nearest(Vector512<float> scaled)
    {
        var value = Vector512.Create((float)Values[0]);
        for (int i = 0; i < 15; i++)
        {
            var step = Vector512.Create((float)(Values[i + 1] - Values[i]));
            value += (Vector512.GreaterThan(scaled, Vector512.Create(Midpoint(i))).AsUInt32() & step.AsUInt32()).AsSingle();
        }

        return value;
    }
}
