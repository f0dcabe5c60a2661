namespace LlmMath.Numerics.Quantization;

/// <summary>
/// The 256 signed values of 8-bit dynamic quantization, ascending from about −0.993 to 1: seven decades, 10⁻⁶ to 1, of which
/// decade i has 2^i values of either sign, the middles of equal parts of a tenth to the whole; besides, 0 and 1.
/// Sources: Dettmers, "8-Bit Approximations for Parallelism in Deep Learning" (2015); TimDettmers/bitsandbytes,
/// bitsandbytes/functional.py (create_dynamic_map), commit dada53014921.
/// </summary>
internal static class DynamicMap
{
    private const int Decades = 7;

    private static readonly float[] s_values = Make();

    /// <summary>The values by their code.</summary>
    public static ReadOnlySpan<float> Values => s_values;

    /// <summary>The code of the value nearest to one from −1 to 1; a tie goes to the lower code.</summary>
    public static byte Code(float value)
    {
        int above = Array.BinarySearch(s_values, value);
        if (above >= 0)
        {
            return (byte)above;
        }

        above = Math.Clamp(~above, 1, s_values.Length - 1);
        return (byte)(value - s_values[above - 1] <= s_values[above] - value ? above - 1 : above);
    }

    private static float[] Make()
    {
        var values = new List<float> { 0, 1 };
        for (int decade = 0; decade < Decades; decade++)
        {
            int parts = 1 << decade;
            for (int part = 0; part < parts; part++)
            {
                float middle = (float)(Math.Pow(10, decade - Decades + 1) * (0.1 + (0.9 * (part + 0.5) / parts)));
                values.AddRange([middle, -middle]);
            }
        }

        return [.. values.Order()];
    }
}
