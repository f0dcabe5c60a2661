using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LlmMath.Kernels;

/// <summary>One block of 32 activations rounded to 8 bits.</summary>
internal static unsafe class Q8Block
{
    private const int Infinity = 0x7F800000;

    /// <summary>Adding 1.5 · 2²³ leaves a float's integer, rounded to nearest even, in its low bits in two's complement.</summary>
    private const float Rounder = 12582912f;

    /// <summary>Below this 127 ÷ max would be infinite.</summary>
    private const float Tiny = 1e-36f;

    /// <summary>The codes and the scale; a scale of NaN and codes of 0 where a value is infinite or NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Quantize(float* x, out Vector256<sbyte> codes)
    {
        unchecked
        {
            Vector256<float> a = Vector256.Load(x), b = Vector256.Load(x + 8), c = Vector256.Load(x + 16), d = Vector256.Load(x + 24);

            // As integers, magnitudes are ordered as floats are, with NaN above all.
            Vector256<int> magnitude = Vector256.Create(int.MaxValue);
            Vector256<int> most = Vector256.Max(
                Vector256.Max(a.AsInt32() & magnitude, b.AsInt32() & magnitude), Vector256.Max(c.AsInt32() & magnitude, d.AsInt32() & magnitude));
            Vector128<int> half = Vector128.Max(most.GetLower(), most.GetUpper());
            half = Vector128.Max(half, Vector128.Shuffle(half, Vector128.Create(2, 3, 0, 1)));
            int bits = Vector128.Max(half, Vector128.Shuffle(half, Vector128.Create(1, 0, 3, 2))).ToScalar();
            float greatest = BitConverter.Int32BitsToSingle(bits);
            if (bits >= Infinity || greatest < Tiny)
            {
                return OutOfTheWay(x, greatest, out codes);
            }

            Vector256<float> inverse = Vector256.Create(127f / greatest), rounder = Vector256.Create(Rounder);
            Vector256<short> lower = Vector256.Narrow(((a * inverse) + rounder).AsInt32(), ((b * inverse) + rounder).AsInt32());
            Vector256<short> upper = Vector256.Narrow(((c * inverse) + rounder).AsInt32(), ((d * inverse) + rounder).AsInt32());
            codes = Vector256.Narrow(lower, upper);
            return greatest / 127f;
        }
    }

    /// <summary>−8 · Σ of the codes, for each half of a lane: of codes 4i and 4i + 1 in the low one, of 4i + 2 and 4i + 3 in the high.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int MinusEightTimes(Vector256<sbyte> codes)
    {
        unchecked
        {
            (Vector256<short> lower, Vector256<short> upper) = Vector256.Widen(codes);
            Vector256<short> sums = lower + upper;
            Vector128<short> eight = sums.GetLower() + sums.GetUpper();
            long four = (eight.GetLower() + eight.GetUpper()).AsInt64().ToScalar();
            int low = (short)four + (short)(four >> 16), high = (short)(four >> 32) + (short)(four >> 48);
            return ((-8 * low) & 0xFFFF) | (-8 * high << 16);
        }
    }

    /// <summary>Zeros, values so small that their scale is subnormal, and blocks with an infinity or a NaN.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float OutOfTheWay(float* x, float greatest, out Vector256<sbyte> codes)
    {
        sbyte* bytes = stackalloc sbyte[32];
        new Span<sbyte>(bytes, 32).Clear();
        if (float.IsFinite(greatest) && greatest > 0)
        {
            for (int i = 0; i < 32; i++)
            {
                bytes[i] = (sbyte)Math.Round(x[i] * (127.0 / greatest));
            }
        }

        codes = Vector256.Load(bytes);
        return float.IsFinite(greatest) ? greatest / 127f : float.NaN;
    }
}
