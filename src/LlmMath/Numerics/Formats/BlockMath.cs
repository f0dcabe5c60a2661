using System.Buffers.Binary;

namespace LlmMath;

/// <summary>Steps that several block formats share, for one block of values. NaN and infinities come through, so that the scale shows them.</summary>
internal static class BlockMath
{
    /// <summary>1.5 · 2²³: added to a float below 2²² in magnitude, it leaves the nearest integer (ties to even) in the low bits.</summary>
    public const float RoundingShift = 12_582_912f;

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

    /// <summary>The least and the greatest value; both NaN where any value is.</summary>
    public static (float Min, float Max) Range(ReadOnlySpan<float> values)
    {
        (float min, float max) = (values[0], values[0]);
        foreach (float value in values)
        {
            min = MathF.Min(min, value);
            max = MathF.Max(max, value);
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

    /// <summary>1 ÷ d, or 0 where d is 0 or so small that its inverse may be infinite.</summary>
    public static float Inverse(float d) => MathF.Abs(d) < 1.17549435e-38f ? 0 : 1 / d;

    /// <summary>The nearest integer, ties to even. Domain: |x| &lt; 2²².</summary>
    public static int NearestInt(float x) =>
        unchecked(BitConverter.SingleToInt32Bits(x + RoundingShift) - BitConverter.SingleToInt32Bits(RoundingShift));

    /// <summary>A value as fp16 holds it.</summary>
    public static float RoundToFp16(float value) => Fp16.ToSingle(Fp16.FromSingle(value));

    /// <summary>
    /// Divides values by the power of two next below the greatest magnitude, so that sums of squares neither overflow nor vanish. What no
    /// fp16 scale reaches (below 2⁻⁶⁰), and what is not finite, becomes 0.
    /// </summary>
    /// <returns>The power of two.</returns>
    public static float Normalize(ReadOnlySpan<float> values, float greatest, Span<float> unit)
    {
        if (!float.IsFinite(greatest) || greatest < 8.7e-19f)
        {
            unit.Clear();
            return 1;
        }

        float size = BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(greatest) & 0x7F80_0000), inverse = 1 / size;
        for (int i = 0; i < unit.Length; i++)
        {
            unit[i] = values[i] * inverse;
        }

        return size;
    }
}
