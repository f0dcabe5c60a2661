using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LlmMath.Numerics.Kernels;

/// <summary>One block of 32 activations rounded to 8 bits.</summary>
internal static unsafe class Q8Block
{
    /// <summary>Bits of infinity, and of 10⁻³⁶, below which 127 ÷ max would be infinite.</summary>
    private const int Infinity = 0x7F800000, Tiny = 0x03AA2425;

    /// <summary>Adding 1.5 · 2²³ leaves a float's integer, rounded to nearest even, in its low bits in two's
    /// complement.</summary>
    private const float Rounder = 12582912f;

    /// <summary>The codes and the scale; a scale of NaN and codes of 0 where a value is infinite or NaN.</summary>
    /// <param name="x">32 values.</param>
    /// <param name="scratch">32 bytes to work in, apart from the values.</param>
    /// <param name="scale">The scale.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<sbyte> Quantize(float* x, sbyte* scratch, out float scale)
    {
        unchecked
        {
            Vector256<float> a = Vector256.Load(x), b = Vector256.Load(x + 8), c = Vector256.Load(x + 16),
                d = Vector256.Load(x + 24);

            // As integers, magnitudes are ordered as floats are, with NaN above all.
            Vector256<int> magnitude = Vector256.Create(int.MaxValue);
            Vector256<int> most = Vector256.Max(
                Vector256.Max(a.AsInt32() & magnitude, b.AsInt32() & magnitude),
                Vector256.Max(c.AsInt32() & magnitude, d.AsInt32() & magnitude));
            Vector128<int> half = Vector128.Max(most.GetLower(), most.GetUpper());
            half = Vector128.Max(half, Vector128.Shuffle(half, Vector128.Create(2, 3, 0, 1)));
            int bits = Vector128.Max(half, Vector128.Shuffle(half, Vector128.Create(1, 0, 3, 2))).ToScalar();
            float greatest = BitConverter.Int32BitsToSingle(bits);
            if ((uint)(bits - Tiny) >= Infinity - Tiny)
            {
                scale = Unusual(x, greatest, scratch);
                return Vector256.Load(scratch);
            }

            scale = greatest / 127f;
            Vector256<float> inverse = Vector256.Create(127f / greatest), rounder = Vector256.Create(Rounder);
            Vector256<short> lower = Vector256.Narrow(((a * inverse) + rounder).AsInt32(), ((b * inverse) + rounder).AsInt32());
            Vector256<short> upper = Vector256.Narrow(((c * inverse) + rounder).AsInt32(), ((d * inverse) + rounder).AsInt32());
            return Vector256.Narrow(lower, upper);
        }
    }

    /// <summary>Σ of the codes: of codes 4i and 4i + 1, and of 4i + 2 and 4i + 3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (int First, int Second) Sums(Vector256<sbyte> codes)
    {
        unchecked
        {
            (Vector256<short> lower, Vector256<short> upper) = Vector256.Widen(codes);
            Vector256<short> sums = lower + upper;
            return Sums((sums.GetLower() + sums.GetUpper()).AsInt32());
        }
    }

    /// <inheritdoc cref="Sums(Vector256{sbyte})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (int First, int Second) Sums(Vector128<sbyte> codes)
    {
        unchecked
        {
            (Vector128<short> lower, Vector128<short> upper) = Vector128.Widen(codes);
            return Sums((lower + upper).AsInt32());
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (int First, int Second) Sums(Vector128<int> halves)
    {
        unchecked
        {
            Vector128<int> lanes = (halves << 16 >> 16) + (halves >> 16);
            long both = (lanes + Vector128.Shuffle(lanes, Vector128.Create(2, 3, 0, 1))).AsInt64().ToScalar();
            return ((int)both, (int)(both >> 32));
        }
    }

    /// <summary>Quantizes what the vector code cannot: zeros, values so small that their scale is subnormal, and blocks with an
    /// infinity or a NaN.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float Unusual(float* x, float greatest, sbyte* codes)
    {
        new Span<sbyte>(codes, 32).Clear();
        if (float.IsFinite(greatest) && greatest > 0)
        {
            for (int i = 0; i < 32; i++)
            {
                codes[i] = (sbyte)Math.Round(x[i] * (127.0 / greatest));
            }
        }

        return float.IsFinite(greatest) ? greatest / 127f : float.NaN;
    }
}
