using System.Buffers.Binary;

namespace LlmMath;

/// <summary>
/// GGUF's Q4_1: 32 4-bit codes with an fp16 scale d and an fp16 minimum m, 20 bytes. x ≈ d·q + m, d = (max − min) ÷ 15, m = min,
/// q = ⌊(x − min) ÷ d + ½⌋: ties go up, as the format's own encoder has it.
/// Layout: d, m (2 bytes each, little-endian), then 16 bytes: byte i holds element i in its low and element i + 16 in its high half.
/// A constant block has d = 0 and is met to within fp16. Where d is subnormal in binary32 all codes are 0.
/// Source: ggml-org/ggml, src/ggml-common.h (block_q4_1) and src/ggml-quants.c, commit d99724f2b141.
/// </summary>
public readonly struct Q4_1 : IBlockFormat
{
    /// <inheritdoc/>
    public static string Name => "q4_1";

    /// <inheritdoc/>
    public static int BlockElements => 32;

    /// <inheritdoc/>
    public static int BlockBytes => 20;

    /// <inheritdoc/>
    public static bool TryEncode(ReadOnlySpan<float> values, Span<byte> block)
    {
        (float min, float max) = BlockMath.Range(values[..32]);
        float d = (max - min) / 15;
        if (!BlockMath.TryWriteScales(block, d, min))
        {
            return false;
        }

        float inverse = BlockMath.Inverse(d);
        Span<byte> codes = block.Slice(4, 16);
        for (int i = 0; i < codes.Length; i++)
        {
            codes[i] = (byte)(Code((values[i] - min) * inverse) | (Code((values[i + 16] - min) * inverse) << 4));
        }

        return true;
    }

    /// <inheritdoc/>
    public static bool TryDecode(ReadOnlySpan<byte> block, Span<float> values)
    {
        bool valid = BlockMath.TryReadScales(block, out float d, out float m);
        ReadOnlySpan<byte> codes = block.Slice(4, 16);
        for (int i = 0; i < codes.Length; i++)
        {
            values[i] = ((codes[i] & 15) * d) + m;
            values[i + 16] = ((codes[i] >> 4) * d) + m;
        }

        return valid;
    }

    /// <inheritdoc/>
    public static int EncodeBlocks(ReadOnlySpan<float> values, Span<byte> blocks) => ScalarBlocks.Encode<Q4_1>(values, blocks);

    /// <inheritdoc/>
    public static int DecodeBlocks(ReadOnlySpan<byte> blocks, Span<float> values) => ScalarBlocks.Decode<Q4_1>(blocks, values);

    private static int Code(float scaled) => Math.Min(15, (int)(scaled + 0.5f));
}
