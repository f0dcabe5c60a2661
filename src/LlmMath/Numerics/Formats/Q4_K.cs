namespace LlmMath;

/// <summary>
/// GGUF's Q4_K: 256 4-bit codes in 8 groups of 32, 144 bytes. x ≈ d·s·q − dmin·m: a 6-bit scale s and a 6-bit minimum m a group, fp16 d and
/// dmin for all. Layout: d, dmin (2 bytes each, little-endian); 12 bytes of s and m (<see cref="SixBitScales"/>); 128 bytes of codes, in each
/// 32 of them byte i holds element i of 64 in its low and element i + 32 in its high half.
/// Encoding minimizes the squared error (<see cref="AffineGroups"/>); the bits may differ from those of other encoders.
/// Source: ggml-org/ggml, src/ggml-common.h (block_q4_K) and src/ggml-quants.c, commit d99724f2b141.
/// </summary>
public readonly struct Q4_K : IBlockFormat
{
    /// <inheritdoc/>
    public static string Name => "q4_k";

    /// <inheritdoc/>
    public static int BlockElements => 256;

    /// <inheritdoc/>
    public static int BlockBytes => 144;

    /// <inheritdoc/>
    public static bool TryEncode(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<byte> scales = stackalloc byte[8], mins = stackalloc byte[8], codes = stackalloc byte[256];
        AffineGroups.Fit(values[..256], maxCode: 15, maxScale: 63, scales, mins, codes, out float d, out float dmin);
        SixBitScales.Pack(scales, mins, block.Slice(4, 12));
        for (int i = 0; i < 128; i++)
        {
            int at = (i / 32 * 64) + (i % 32);
            block[16 + i] = (byte)(codes[at] | (codes[at + 32] << 4));
        }

        return BlockMath.TryWriteScales(block, d, dmin);
    }

    /// <inheritdoc/>
    public static bool TryDecode(ReadOnlySpan<byte> block, Span<float> values)
    {
        bool valid = BlockMath.TryReadScales(block, out float d, out float dmin);
        for (int group = 0; group < 8; group++)
        {
            (int s, int m) = SixBitScales.Unpack(block.Slice(4, 12), group);
            float scale = d * s, min = dmin * m;
            ReadOnlySpan<byte> codes = block.Slice(16 + (group / 2 * 32), 32);
            Span<float> to = values.Slice(group * 32, 32);
            int shift = group % 2 * 4;
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = (scale * ((codes[i] >> shift) & 15)) - min;
            }
        }

        return valid;
    }

    /// <inheritdoc/>
    public static int EncodeBlocks(ReadOnlySpan<float> values, Span<byte> blocks) => ScalarBlocks.Encode<Q4_K>(values, blocks);

    /// <inheritdoc/>
    public static int DecodeBlocks(ReadOnlySpan<byte> blocks, Span<float> values) => ScalarBlocks.Decode<Q4_K>(blocks, values);
}
