using System.Globalization;
using System.Runtime.InteropServices;
using static LlmMath.Basics.NumberText;

namespace LlmMath.Numerics.Quantization;

/// <summary>What every format asks of the spans it is given.</summary>
internal static class SpanCheck
{
    /// <summary>Looks at the length of the bytes and whether they lie apart from the values.</summary>
    /// <exception cref="ArgumentException">They are of another length, or overlap.</exception>
    public static void Bytes(ReadOnlySpan<byte> bytes, ReadOnlySpan<float> values, long right, string format, string argument)
    {
        if (bytes.Length != right)
        {
            throw new ArgumentException(
                $"{N(values.Length)} elements of {format} take {N(right)} bytes; {N(bytes.Length)} were given.", argument);
        }

        if (bytes.Overlaps(MemoryMarshal.AsBytes(values)))
        {
            throw new ArgumentException("The bytes and the values overlap in memory; they must be apart.", argument);
        }
    }

    /// <summary>The error of more elements than whose bytes have a number.</summary>
    public static ArgumentOutOfRangeException TooMany(long elements, string argument) =>
        new(argument, elements, "So many elements would exceed 2^63 - 1 bytes.");

    /// <summary>Says which of some values a format cannot hold: the first that is not finite, or else the greatest.</summary>
    /// <param name="values">All values.</param>
    /// <param name="start">Where the block in question begins.</param>
    /// <param name="length">Its elements; what lies beyond the values was filled up.</param>
    /// <param name="format">The format's name.</param>
    public static ArgumentException NotEncodable(ReadOnlySpan<float> values, int start, int length, string format)
    {
        ReadOnlySpan<float> block = values[start..(int)Math.Min(values.Length, (long)start + length)];
        int worst = 0;
        for (int i = 0; i < block.Length && float.IsFinite(block[worst]); i++)
        {
            worst = !float.IsFinite(block[i]) || MathF.Abs(block[i]) > MathF.Abs(block[worst]) ? i : worst;
        }

        string problem = float.IsFinite(block[worst]) ? "too large for a scale of" : "not a number that can be held by";
        return new ArgumentException(
            string.Create(CultureInfo.InvariantCulture, $"Element {start + worst} is {block[worst]:R}: {problem} {format}."),
            nameof(values));
    }
}
