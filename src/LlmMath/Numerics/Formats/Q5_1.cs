namespace LlmMath;

/// <summary>
/// GGUF's Q5_1: 32 5-bit codes with an fp16 scale d and an fp16 minimum m, 24 bytes. x ≈ d·q + m, d = (max − min) ÷ 31, m = min,
/// q = ⌊(x − min) ÷ d + ½⌋: ties go up, as the format's own encoder has it.
/// Layout: d, m (2 bytes each, little-endian), the codes' fifth bits (4 bytes, little-endian, bit i of element i), then 16 bytes: byte i
/// holds the low four bits of element i in its low and of element i + 16 in its high half.
/// A constant block has d = 0 and is met to within fp16. Where d is subnormal in binary32 all codes are 0.
/// Source: ggml-org/ggml, src/ggml-common.h (block_q5_1) and src/ggml-quants.c, commit d99724f2b141.
/// </summary>
public readonly struct Q5_1 : IBlockFormat
{
    /// <inheritdoc/>
    public static string Name => "q5_1";

    /// <inheritdoc/>
    public static int BlockElements => 32;

    /// <inheritdoc/>
    public static int BlockBytes => 24;

    /// <inheritdoc/>
    public static bool TryEncode(ReadOnlySpan<float> values, Span<byte> block)
    {
        (float min, float max) = BlockMath.Range(values[..32]);
        float d = (max - min) / 31;
        if (!BlockMath.TryWriteScales(block, d, min))
        {
            return false;
        }

        float inverse = BlockMath.Inverse(d);
        Span<byte> codes = stackalloc byte[32];
        for (int i = 0; i < codes.Length; i++)
        {
            codes[i] = (byte)Math.Min(31, (int)(((values[i] - min) * inverse) + 0.5f));
        }

        FiveBits.Pack(codes, block[4..]);
        return true;
    }

    /// <inheritdoc/>
    public static bool TryDecode(ReadOnlySpan<byte> block, Span<float> values)
    {
        bool valid = BlockMath.TryReadScales(block, out float d, out float m);
        Span<byte> codes = stackalloc byte[32];
        FiveBits.Unpack(block[4..], codes);
        for (int i = 0; i < codes.Length; i++)
        {
            values[i] = (codes[i] * d) + m;
        }

        return valid;
    }

    /// <inheritdoc/>
    public static int EncodeBlocks(ReadOnlySpan<float> values, Span<byte> blocks) => ScalarBlocks.Encode<Q5_1>(values, blocks);

    /// <inheritdoc/>
    public static int DecodeBlocks(ReadOnlySpan<byte> blocks, Span<float> values) => ScalarBlocks.Decode<Q5_1>(blocks, values);
}
