namespace LlmMath.Kernels;

/// <summary>Powers of two that keep products of half-precision weights in the range of a float.</summary>
internal static class PowerOfTwo
{
    /// <summary>A half moved into a float's fields without a new exponent bias is worth 2⁻¹¹² of what it was: 2^(15 − 127).</summary>
    public const int HalfBias = 112;

    /// <summary>Scaled activations have magnitudes near 2^this: times a half of 2⁻¹³⁶ they stay normal, times 127 · 2⁻⁹⁶ finite.</summary>
    private const int Target = 60;

    /// <summary>2^exponent, exponent −126…127.</summary>
    public static float Of(int exponent) => BitConverter.Int32BitsToSingle((exponent + 127) << 23);

    /// <summary>The exponent that brings values of at most <paramref name="greatest"/> near the target.</summary>
    /// <param name="greatest">0 or more; infinity and NaN count as the greatest float.</param>
    public static int Normalizing(float greatest) =>
        greatest == 0 ? 0 : Target - (float.IsFinite(greatest) ? Math.ILogB(greatest) : 127);
}
