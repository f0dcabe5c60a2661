namespace LlmMath;

/// <summary>Loops over blocks by a format's scalar definition: the whole of a format that has no vector form, and the reference of one
/// that has.</summary>
internal static class ScalarBlocks
{
    /// <inheritdoc cref="IBlockFormat.EncodeBlocks"/>
    public static int Encode<TFormat>(ReadOnlySpan<float> values, Span<byte> blocks)
        where TFormat : struct, IBlockFormat
    {
        int count = values.Length / TFormat.BlockElements;
        for (int i = 0; i < count; i++)
        {
            if (!TFormat.TryEncode(values.Slice(i * TFormat.BlockElements, TFormat.BlockElements), blocks.Slice(i * TFormat.BlockBytes, TFormat.BlockBytes)))
            {
                return i;
            }
        }

        return count;
    }

    /// <inheritdoc cref="IBlockFormat.DecodeBlocks"/>
    public static int Decode<TFormat>(ReadOnlySpan<byte> blocks, Span<float> values)
        where TFormat : struct, IBlockFormat
    {
        int count = blocks.Length / TFormat.BlockBytes;
        for (int i = 0; i < count; i++)
        {
            if (!TFormat.TryDecode(blocks.Slice(i * TFormat.BlockBytes, TFormat.BlockBytes), values.Slice(i * TFormat.BlockElements, TFormat.BlockElements)))
            {
                return i;
            }
        }

        return count;
    }
}
