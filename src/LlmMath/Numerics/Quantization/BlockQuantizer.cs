using LlmMath.Numerics.Quantization;

namespace LlmMath.Numerics;

/// <summary>
/// Quantizes and dequantizes spans in a block format; nothing is allocated. A length that is no multiple of the block ends in a
/// block filled up with zeros, of which dequantizing gives back only the elements asked for.
/// </summary>
public static class BlockQuantizer
{
    /// <summary>Bytes of a number of elements: whole blocks.</summary>
    /// <typeparam name="TFormat">The format.</typeparam>
    /// <param name="elements">Elements, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative, or the bytes exceed 2⁶³ − 1.</exception>
    public static long ByteCount<TFormat>(long elements)
        where TFormat : struct, IBlockFormat
    {
        ArgumentOutOfRangeException.ThrowIfNegative(elements);
        long blocks = (elements / TFormat.BlockElements) + (elements % TFormat.BlockElements == 0 ? 0 : 1);
        return blocks <= long.MaxValue / TFormat.BlockBytes ? blocks * TFormat.BlockBytes
            : throw SpanCheck.TooMany(elements, nameof(elements));
    }

    /// <summary>Quantizes values.</summary>
    /// <typeparam name="TFormat">The format.</typeparam>
    /// <param name="values">Any number of values.</param>
    /// <param name="blocks">Exactly <see cref="ByteCount{TFormat}(long)"/> bytes.</param>
    /// <exception cref="ArgumentException"><paramref name="blocks"/> is of another length or overlaps <paramref name="values"/>,
    /// or the format cannot hold a value; blocks before that one are written.</exception>
    public static void Quantize<TFormat>(ReadOnlySpan<float> values, Span<byte> blocks)
        where TFormat : struct, IBlockFormat
    {
        SpanCheck.Bytes(blocks, values, ByteCount<TFormat>(values.Length), TFormat.Name, nameof(blocks));
        int whole = values.Length / TFormat.BlockElements;
        int done = TFormat.EncodeBlocks(values[..(whole * TFormat.BlockElements)], blocks[..(whole * TFormat.BlockBytes)]);
        if (done == whole && whole * TFormat.BlockElements < values.Length)
        {
            Span<float> last = stackalloc float[TFormat.BlockElements];
            last.Clear();
            values[(whole * TFormat.BlockElements)..].CopyTo(last);
            done += TFormat.TryEncode(last, blocks[(whole * TFormat.BlockBytes)..]) ? 1 : 0;
        }

        if (done * TFormat.BlockBytes < blocks.Length)
        {
            throw SpanCheck.NotEncodable(values, done * TFormat.BlockElements, TFormat.BlockElements, TFormat.Name);
        }
    }

    /// <summary>Dequantizes blocks.</summary>
    /// <typeparam name="TFormat">The format.</typeparam>
    /// <param name="blocks">Exactly <see cref="ByteCount{TFormat}(long)"/> bytes of the values.</param>
    /// <param name="values">Any number of values.</param>
    /// <exception cref="ArgumentException"><paramref name="blocks"/> is of another length or overlaps <paramref name="values"/>,
    /// or a block is not valid: a scale that is NaN or infinite, a code without a meaning. Values of blocks before that one are
    /// written.</exception>
    public static void Dequantize<TFormat>(ReadOnlySpan<byte> blocks, Span<float> values)
        where TFormat : struct, IBlockFormat
    {
        SpanCheck.Bytes(blocks, values, ByteCount<TFormat>(values.Length), TFormat.Name, nameof(blocks));
        int whole = values.Length / TFormat.BlockElements;
        int done = TFormat.DecodeBlocks(blocks[..(whole * TFormat.BlockBytes)], values[..(whole * TFormat.BlockElements)]);
        if (done == whole && whole * TFormat.BlockElements < values.Length)
        {
            Span<float> last = stackalloc float[TFormat.BlockElements];
            done += TFormat.TryDecode(blocks[(whole * TFormat.BlockBytes)..], last) ? 1 : 0;
            last[..(values.Length - (whole * TFormat.BlockElements))].CopyTo(values[(whole * TFormat.BlockElements)..]);
        }

        if (done * TFormat.BlockBytes < blocks.Length)
        {
            throw new ArgumentException(
                $"Block {done} is no valid {TFormat.Name}: a scale is NaN or infinite, or a code has no meaning.",
                nameof(blocks));
        }
    }
}
