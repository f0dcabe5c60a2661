namespace LlmMath.Numerics.Vectors;

/// <summary>Steps of one value after the other that several formats share, and that <see cref="Lanes"/> takes sixteen at a time.
/// NaN and infinities come through, so that the scale shows them.</summary>
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

    /// <summary>1 ÷ d, or 0 where that is infinite: d is 0, or below 2⁻¹²⁸.</summary>
    public static float Inverse(float d) => float.IsInfinity(1 / d) ? 0 : 1 / d;

    /// <summary>The nearest integer, ties to even. Domain: |x| &lt; 2²²; beyond it the low 23 bits of a sum, which depends on no
    /// processor.</summary>
    public static int NearestInt(float x) => (BitConverter.SingleToInt32Bits(x + RoundingShift) & RoundedBits) - RoundedZero;
}
