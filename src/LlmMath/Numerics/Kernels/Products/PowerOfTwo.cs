namespace LlmMath.Numerics.Kernels;

/// <summary>Powers of two that keep products of half-precision weights in the range of a float.</summary>
internal static class PowerOfTwo
{
    /// <summary>A half moved into a float's fields without a new exponent bias is worth 2⁻¹¹² of what it was: 2^(15 −
    /// 127).</summary>
    public const int HalfBias = 112;

    /// <summary>Activations are multiplied by 2^this, if they are of usual size: times a half of 2⁻¹³⁶ they stay normal, times
    /// 127 · 2⁻⁹⁶ finite.
    /// </summary>
    public const int Usual = 60;

    /// <summary>2^exponent, exponent −126…127.</summary>
    public static float Of(int exponent) => BitConverter.Int32BitsToSingle((exponent + 127) << 23);

    /// <summary>Whether activations of that greatest magnitude are of usual size: 2⁻²⁰ to 2²⁰, or 0.</summary>
    public static bool IsUsual(float greatest) => greatest is 0 or (>= 1f / (1 << 20) and <= 1 << 20);

    /// <summary>The exponent that brings values of at most <paramref name="greatest"/> near 2^<see cref="Usual"/>.</summary>
    /// <param name="greatest">0 or more; infinity and NaN count as the greatest float.</param>
    public static int Normalizing(float greatest) =>
        greatest == 0 ? 0 : Usual - (float.IsFinite(greatest) ? Math.ILogB(greatest) : 127);
}
