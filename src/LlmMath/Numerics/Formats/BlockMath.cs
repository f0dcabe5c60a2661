using System.Buffers.Binary;

namespace LlmMath.Numerics.Formats;

/// <summary>Steps that several block formats share, for one block of values. NaN and infinities come through, so that the scale
/// shows them.</summary>
internal static class BlockMath
{
    /// <summary>1.5 · 2²³: added to a float below 2²² in magnitude, it leaves the nearest integer (ties to even) in the low
    /// bits.</summary>
    public const float RoundingShift = 12_582_912f;

    /// <summary>The low bits, and what stands in them for 0.</summary>
    public const int RoundedBits = 0x7F_FFFF, RoundedZero = 0x40_0000;

    /// <summary>2⁻¹²⁶, the least normal float.</summary>
    public const float LeastNormal = 1.17549435e-38f;

    /// <summary>The greatest magnitude; NaN where any value is.</summary>
    public static float MaxMagnitude(ReadOnlySpan<float> values)
    {
        float max = 0;
        foreach (float value in values)
        {
            max = MathF.Max(max, MathF.Abs(value));
        }

        return max;
    }

    /// <summary>The value of greatest magnitude, the first where several are equal; NaN where any value is.</summary>
    public static float OfGreatestMagnitude(ReadOnlySpan<float> values)
    {
        float greatest = 0;
        foreach (float value in values)
        {
            if (float.IsNaN(value))
            {
                return value;
            }

            greatest = MathF.Abs(value) > MathF.Abs(greatest) ? value : greatest;
        }

        return greatest;
    }

    /// <summary>The least and the greatest value, the first where several are equal (0 and −0 are); both NaN where any value
    /// is.</summary>
    public static (float Min, float Max) Range(ReadOnlySpan<float> values)
    {
        (float min, float max) = (values[0], values[0]);
        foreach (float value in values)
        {
            if (float.IsNaN(value))
            {
                return (value, value);
            }

            min = value < min ? value : min;
            max = value > max ? value : max;
        }

        return (min, max);
    }

    /// <summary>Writes two fp16 scales at the start of a block; false where one is not finite.</summary>
    public static bool TryWriteScales(Span<byte> block, float first, float second)
    {
        ushort a = Fp16.FromSingle(first), b = Fp16.FromSingle(second);
        BinaryPrimitives.WriteUInt16LittleEndian(block, a);
        BinaryPrimitives.WriteUInt16LittleEndian(block[2..], b);
        return Fp16.IsFinite(a) && Fp16.IsFinite(b);
    }

    /// <summary>Reads two fp16 scales at the start of a block; false where one is not finite.</summary>
    public static bool TryReadScales(ReadOnlySpan<byte> block, out float first, out float second)
    {
        ushort a = BinaryPrimitives.ReadUInt16LittleEndian(block), b = BinaryPrimitives.ReadUInt16LittleEndian(block[2..]);
        (first, second) = (Fp16.ToSingle(a), Fp16.ToSingle(b));
        return Fp16.IsFinite(a) && Fp16.IsFinite(b);
    }

    /// <summary>1 ÷ d, or 0 where that is infinite: d is 0, or below 2⁻¹²⁸.</summary>
    public static float Inverse(float d) => float.IsInfinity(1 / d) ? 0 : 1 / d;

    /// <summary>The nearest integer, ties to even. Domain: |x| &lt; 2²²; beyond it the low 23 bits of a sum, which depends on no
    /// processor.</summary>
    public static int NearestInt(float x) => (BitConverter.SingleToInt32Bits(x + RoundingShift) & RoundedBits) - RoundedZero;

    /// <summary>A value as fp16 holds it.</summary>
    public static float RoundToFp16(float value) => Fp16.ToSingle(Fp16.FromSingle(value));
}
