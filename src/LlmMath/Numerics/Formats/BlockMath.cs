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

    /// <summary>1 ÷ d, or 0 where d is 0 or so small that its inverse may be infinite.</summary>
    public static float Inverse(float d) => MathF.Abs(d) < 1.17549435e-38f ? 0 : 1 / d;

    /// <summary>The nearest integer, ties to even. Domain: |x| &lt; 2²².</summary>
    public static int NearestInt(float x) =>
        unchecked(BitConverter.SingleToInt32Bits(x + RoundingShift) - BitConverter.SingleToInt32Bits(RoundingShift));
}
