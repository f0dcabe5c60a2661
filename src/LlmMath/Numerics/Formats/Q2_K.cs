namespace LlmMath;

/// <summary>
/// GGUF's Q2_K: 256 2-bit codes in 16 groups of 16, 84 bytes. x ≈ d·s·q − dmin·m: a 4-bit scale s and a 4-bit minimum m a group, fp16 d and
/// dmin for all. Layout: 16 bytes of s (low half) and m (high half); 64 bytes of codes, in each half of 32 bytes byte i holds elements i,
/// i + 32, i + 64, i + 96 of 128 from the low bits up; d, dmin (2 bytes each, little-endian).
/// Encoding minimizes the squared error (<see cref="AffineGroups"/>); the bits may differ from those of other encoders.
/// Source: ggml-org/ggml, src/ggml-common.h (block_q2_K) and src/ggml-quants.c, commit d99724f2b141.
/// </summary>
public readonly struct Q2_K : IBlockFormat
{
    /// <inheritdoc/>
    public static string Name => "q2_k";

    /// <inheritdoc/>
    public static int BlockElements => 256;

    /// <inheritdoc/>
    public static int BlockBytes => 84;

    /// <inheritdoc/>
    public static bool TryEncode(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<byte> scales = stackalloc byte[16], mins = stackalloc byte[16], codes = stackalloc byte[256];
        AffineGroups.Fit(values[..256], maxCode: 3, maxScale: 15, scales, mins, codes, out float d, out float dmin);
        for (int group = 0; group < 16; group++)
        {
            block[group] = (byte)(scales[group] | (mins[group] << 4));
        }

        for (int i = 0; i < 64; i++)
        {
            ReadOnlySpan<byte> from = codes[((i / 32 * 128) + (i % 32))..];
            block[16 + i] = (byte)(from[0] | (from[32] << 2) | (from[64] << 4) | (from[96] << 6));
        }

        return BlockMath.TryWriteScales(block[80..], d, dmin);
    }

    /// <inheritdoc/>
    public static bool TryDecode(ReadOnlySpan<byte> block, Span<float> values)
    {
        bool valid = BlockMath.TryReadScales(block[80..], out float d, out float dmin);
        for (int group = 0; group < 16; group++)
        {
            float scale = d * (block[group] & 15), min = dmin * (block[group] >> 4);
            ReadOnlySpan<byte> codes = block.Slice(16 + (group / 8 * 32) + (group % 2 * 16), 16);
            Span<float> to = values.Slice(group * 16, 16);
            int shift = group / 2 % 4 * 2;
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = (scale * ((codes[i] >> shift) & 3)) - min;
            }
        }

        return valid;
    }

    /// <inheritdoc/>
    public static int EncodeBlocks(ReadOnlySpan<float> values, Span<byte> blocks) => ScalarBlocks.Encode<Q2_K>(values, blocks);

    /// <inheritdoc/>
    public static int DecodeBlocks(ReadOnlySpan<byte> blocks, Span<float> values) => ScalarBlocks.Decode<Q2_K>(blocks, values);
}
