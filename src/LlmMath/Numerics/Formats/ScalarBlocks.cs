using System.Runtime.CompilerServices;

namespace LlmMath.Numerics.Formats;

/// <summary>Loops over blocks by a format's scalar definition: the whole of a format that has no vector form, and the reference
/// of one that has.</summary>
internal static class ScalarBlocks
{
    /// <summary>The blocks that spans hold, after a look at their lengths: what follows may then go without bounds
    /// checks.</summary>
    /// <exception cref="ArgumentException">The elements are no multiple of the block, or the bytes are not those of the
    /// elements.</exception>
    public static int Count<TFormat>(int elements, int bytes)
        where TFormat : struct, IBlockFormat
    {
        int count = elements / TFormat.BlockElements;
        return elements % TFormat.BlockElements == 0 && bytes == (long)count * TFormat.BlockBytes
            ? count
            : throw new ArgumentException(
                $"{elements} elements and {bytes} bytes are not the same whole blocks of {TFormat.Name}: "
                + $"a block has {TFormat.BlockElements} elements in {TFormat.BlockBytes} bytes.", nameof(elements));
    }

    /// <inheritdoc cref="IBlockFormat.EncodeBlocks"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Encode<TFormat>(ReadOnlySpan<float> values, Span<byte> blocks)
        where TFormat : struct, IBlockFormat
    {
        int count = Count<TFormat>(values.Length, blocks.Length);
        for (int i = 0; i < count; i++)
        {
            if (!TFormat.TryEncode(values.Slice(i * TFormat.BlockElements, TFormat.BlockElements),
                blocks.Slice(i * TFormat.BlockBytes, TFormat.BlockBytes)))
            {
                return i;
            }
        }

        return count;
    }

    /// <inheritdoc cref="IBlockFormat.DecodeBlocks"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Decode<TFormat>(ReadOnlySpan<byte> blocks, Span<float> values)
        where TFormat : struct, IBlockFormat
    {
        int count = Count<TFormat>(values.Length, blocks.Length);
        for (int i = 0; i < count; i++)
        {
            if (!TFormat.TryDecode(blocks.Slice(i * TFormat.BlockBytes, TFormat.BlockBytes),
                values.Slice(i * TFormat.BlockElements, TFormat.BlockElements)))
            {
                return i;
            }
        }

        return count;
    }
}
