namespace LlmMath.Numerics;

/// <summary>
/// A number format chosen at run time, by its name: what <see cref="BlockQuantizer"/> does for a format known when compiling.
/// Quantizing and dequantizing allocate nothing.
/// </summary>
public abstract class NumberFormat
{
    /// <summary>The usual name in lower case: <c>q4_k</c>.</summary>
    public abstract string Name { get; }

    /// <summary>How far its scales reach.</summary>
    public abstract QuantizationScope Scope { get; }

    /// <summary>Elements that one scale, or one set of nested scales, belongs to; null where that is a row or the
    /// tensor.</summary>
    public abstract int? BlockElements { get; }

    /// <summary>Bytes that a number of elements takes when given to one call.</summary>
    /// <param name="elements">Elements, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative, or the bytes exceed 2⁶³ − 1.</exception>
    public abstract long ByteCount(long elements);

    /// <summary>Quantizes values.</summary>
    /// <param name="values">Any number of values; see <see cref="Scope"/>.</param>
    /// <param name="bytes">Exactly <see cref="ByteCount"/> bytes.</param>
    /// <exception cref="ArgumentException"><paramref name="bytes"/> is of another length or overlaps <paramref name="values"/>,
    /// or the format cannot hold a value.</exception>
    public abstract void Quantize(ReadOnlySpan<float> values, Span<byte> bytes);

    /// <summary>Dequantizes bytes.</summary>
    /// <param name="bytes">Exactly <see cref="ByteCount"/> bytes of the values.</param>
    /// <param name="values">Any number of values.</param>
    /// <exception cref="ArgumentException"><paramref name="bytes"/> is of another length or overlaps <paramref name="values"/>,
    /// or is not valid: a scale that is NaN or infinite, a code without a meaning.</exception>
    public abstract void Dequantize(ReadOnlySpan<byte> bytes, Span<float> values);

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
