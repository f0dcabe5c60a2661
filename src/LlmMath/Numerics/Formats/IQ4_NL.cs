using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LlmMath.Numerics.Formats;
using LlmMath.Numerics.Vectors;

namespace LlmMath.Numerics;

/// <summary>
/// GGUF's IQ4_NL: 32 4-bit codes with one fp16 scale d, 18 bytes. x ≈ d·v(q), v the 16 whole numbers of <see cref="Values"/>,
/// denser around 0.
/// Layout: d (2 bytes, little-endian), then 16 bytes: byte i holds element i in its low and element i + 16 in its high half.
/// Encoding is that of GGUF's own encoder without an importance matrix, byte for byte: the value of greatest magnitude goes to 16
/// places at and near the ends of the table; with codes given, the best scale is Σwxv ÷ Σwv², w = x², and of the places the one
/// stays that makes (Σwxv)² ÷ Σwv² greatest. q is the nearest to x·(1 ÷ d), ties to the upper; it follows from d before it is
/// rounded to fp16. A block below 10⁻¹⁵ in magnitude has d = 0 and codes 8.
/// Source: ggml-org/ggml, src/ggml-common.h (block_iq4_nl, kvalues_iq4nl) and src/ggml-quants.c (quantize_iq4_nl), commit
/// d99724f2b141.
/// </summary>
public readonly struct IQ4_NL : IBlockFormat, IVectorForm
{
    private const int Places = 16, Reach = 7;
    private const float Epsilon = 1e-15f;

    /// <inheritdoc/>
    public static string Name => "iq4_nl";

    /// <inheritdoc/>
    public static int BlockElements => 32;

    /// <inheritdoc/>
    public static int BlockBytes => 18;

    private static readonly FourBitTable s_table =
        new([-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113], tiesGoUp: true);

    /// <summary>The value of each code, before the scale.</summary>
    public static ReadOnlySpan<float> Values => s_table.Values;

    /// <inheritdoc/>
    public static bool TryEncode(ReadOnlySpan<float> values, Span<byte> block)
    {
        values = values[..32];
        float peak = BlockMath.OfGreatestMagnitude(values), d = 0;
        if (MathF.Abs(peak) >= Epsilon)
        {
            Span<float> sumsXV = stackalloc float[Places], sumsVV = stackalloc float[Places], places = stackalloc float[Places];
            ToPlaces(peak, places);
            for (int place = 0; place < Places; place++)
            {
                (sumsXV[place], sumsVV[place]) = Sums(values, places[place]);
            }

            d = BestScale(sumsXV, sumsVV);
        }

        ushort scale = Fp16.FromSingle(float.IsFinite(peak) ? d : peak);
        BinaryPrimitives.WriteUInt16LittleEndian(block, scale);
        float inverse = d == 0 ? 0 : 1 / d;
        for (int i = 0; i < 16; i++)
        {
            block[2 + i] = (byte)(s_table.Code(values[i] * inverse) | (s_table.Code(values[i + 16] * inverse) << 4));
        }

        return Fp16.IsFinite(scale);
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
    public static int EncodeBlocks(ReadOnlySpan<float> values, Span<byte> blocks) => VectorForm.Encode<IQ4_NL>(values, blocks);

    /// <inheritdoc/>
    public static int DecodeBlocks(ReadOnlySpan<byte> blocks, Span<float> values) => VectorForm.Decode<IQ4_NL>(blocks, values);

    // The sums of all places together, one in each lane, so that each keeps its order.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int IVectorForm.Encode<TLanes>(ReadOnlySpan<float> values, Span<byte> blocks)
    {
        int count = ScalarBlocks.Count<IQ4_NL>(values.Length, blocks.Length);
        Vector512<float> table = Vector512.Create(s_table.Values), midpoints = s_table.Midpoints;
        Span<float> sumsXV = stackalloc float[Places], sumsVV = stackalloc float[Places], places = stackalloc float[Places];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<float> x = values.Slice(i * 32, 32);
            Span<byte> block = blocks.Slice(i * 18, 18);
            Vector512<float> a = Vector512.Create(x), b = Vector512.Create(x[16..]), sumXV = default, sumVV = default;
            float peak = x[Lanes.FirstOfMagnitude(a, b, Lanes.MaxMagnitude(a, b))], d = 0;
            if (MathF.Abs(peak) >= Epsilon)
            {
                ToPlaces(peak, places);
                Vector512<float> inverses = Vector512.Create<float>(places);
                foreach (float value in x)
                {
                    float w = value * value;
                    Vector512<float> v =
                        TLanes.LookUp(table, FourBitTable.Codes<TLanes>(inverses * value, midpoints)), wv = v * w;
                    sumXV += wv * value;
                    sumVV += wv * v;
                }

                sumXV.CopyTo(sumsXV);
                sumVV.CopyTo(sumsVV);
                d = BestScale(sumsXV, sumsVV);
            }

            ushort scale = Fp16.FromSingle(float.IsFinite(peak) ? d : peak);
            if (!Fp16.IsFinite(scale))
            {
                return i;
            }

            BinaryPrimitives.WriteUInt16LittleEndian(block, scale);
            float inverse = d == 0 ? 0 : 1 / d;
            TLanes.LowBytes(FourBitTable.Codes<TLanes>(a * inverse, midpoints)
                | (FourBitTable.Codes<TLanes>(b * inverse, midpoints) << 4)).CopyTo(block[2..]);
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int IVectorForm.Decode<TLanes>(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        int count = ScalarBlocks.Count<IQ4_NL>(values.Length, blocks.Length);
        ref byte from = ref MemoryMarshal.GetReference(blocks);
        ref float to = ref MemoryMarshal.GetReference(values);
        Vector512<float> units = Vector512.Create(s_table.Values) * Fp16.TwoTo112;
        for (int i = 0; i < count; i++)
        {
            ushort scale = Unsafe.ReadUnaligned<ushort>(ref from);
            if (!Fp16.IsFinite(scale))
            {
                return i;
            }

            FourBits.Decode<TLanes>(ref Unsafe.Add(ref from, 2), units * Fp16.FiniteInLanes(scale), ref to);
            from = ref Unsafe.Add(ref from, 18);
            to = ref Unsafe.Add(ref to, 32);
        }

        return count;
    }

    // By what values are multiplied so that the one of greatest magnitude goes to a place: the least of the table with the other
    // sign, then up to seven from the least.
    private static void ToPlaces(float peak, Span<float> places)
    {
        places[0] = 1 / (-peak / Values[0]);
        for (int step = -Reach; step <= Reach; step++)
        {
            places[1 + Reach + step] = (step + Values[0]) / peak;
        }
    }

    private static (float XV, float VV) Sums(ReadOnlySpan<float> x, float inverse)
    {
        float sumXV = 0, sumVV = 0;
        foreach (float value in x)
        {
            float v = Values[s_table.Code(value * inverse)], wv = value * value * v;
            sumXV += wv * value;
            sumVV += wv * v;
        }

        return (sumXV, sumVV);
    }

    private static float BestScale(ReadOnlySpan<float> sumsXV, ReadOnlySpan<float> sumsVV)
    {
        float d = sumsVV[0] > 0 ? sumsXV[0] / sumsVV[0] : 0, best = d * sumsXV[0];
        for (int place = 1; place < Places; place++)
        {
            if (sumsVV[place] > 0 && sumsXV[place] * sumsXV[place] > best * sumsVV[place])
            {
                d = sumsXV[place] / sumsVV[place];
                best = d * sumsXV[place];
            }
        }

        return d;
    }
}
