using System.Buffers.Binary;

namespace LlmMath;

/// <summary>
/// GGUF's Q3_K: 256 3-bit codes in 16 groups of 16, 110 bytes. x ≈ d·(s − 32)·(q − 4): a 6-bit scale s a group, fp16 d for all.
/// Layout: 32 bytes of third bits, bit b of byte i is that of element 32·b + i; 64 bytes of the codes' low two bits, in each half of 32 bytes
/// byte i holds elements i, i + 32, i + 64, i + 96 of 128 from the low bits up; 12 bytes of scales: the low four bits of s₀ … s₇ and
/// s₈ … s₁₅ in the halves of bytes 0 to 7, the high two of sⱼ in byte 8 + j mod 4 at bit 2·⌊j ÷ 4⌋; d (2 bytes, little-endian).
/// Encoding minimizes the squared error (<see cref="SymmetricGroups"/>); the bits may differ from those of other encoders.
/// Source: ggml-org/ggml, src/ggml-common.h (block_q3_K) and src/ggml-quants.c, commit d99724f2b141.
/// </summary>
public readonly struct Q3_K : IBlockFormat
{
    /// <inheritdoc/>
    public static string Name => "q3_k";

    /// <inheritdoc/>
    public static int BlockElements => 256;

    /// <inheritdoc/>
    public static int BlockBytes => 110;

    /// <inheritdoc/>
    public static bool TryEncode(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<sbyte> scales = stackalloc sbyte[16];
        Span<byte> codes = stackalloc byte[256];
        SymmetricGroups.Fit(values[..256], codeOffset: 4, leastScale: -32, scales, codes, out float d);
        block[..110].Clear();
        for (int i = 0; i < 256; i++)
        {
            block[i % 32] |= (byte)(codes[i] >> 2 << (i / 32));
            block[32 + (i / 128 * 32) + (i % 32)] |= (byte)((codes[i] & 3) << (i / 32 % 4 * 2));
        }

        for (int group = 0; group < 16; group++)
        {
            int scale = scales[group] + 32;
            block[96 + (group % 8)] |= (byte)((scale & 15) << (group / 8 * 4));
            block[104 + (group % 4)] |= (byte)(scale >> 4 << (group / 4 * 2));
        }

        ushort half = Fp16.FromSingle(d);
        BinaryPrimitives.WriteUInt16LittleEndian(block[108..], half);
        return Fp16.IsFinite(half);
    }

    /// <inheritdoc/>
    public static bool TryDecode(ReadOnlySpan<byte> block, Span<float> values)
    {
        ushort half = BinaryPrimitives.ReadUInt16LittleEndian(block[108..]);
        float d = Fp16.ToSingle(half);
        for (int group = 0; group < 16; group++)
        {
            int low = (block[96 + (group % 8)] >> (group / 8 * 4)) & 15, high = (block[104 + (group % 4)] >> (group / 4 * 2)) & 3;
            float scale = d * ((low | (high << 4)) - 32);
            ReadOnlySpan<byte> codes = block.Slice(32 + (group / 8 * 32) + (group % 2 * 16), 16), thirds = block.Slice(group % 2 * 16, 16);
            Span<float> to = values.Slice(group * 16, 16);
            int shift = group / 2 % 4 * 2, bit = group / 2;
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = scale * (((codes[i] >> shift) & 3) + ((thirds[i] >> bit) & 1) * 4 - 4);
            }
        }

        return Fp16.IsFinite(half);
    }

    /// <inheritdoc/>
    public static int EncodeBlocks(ReadOnlySpan<float> values, Span<byte> blocks) => ScalarBlocks.Encode<Q3_K>(values, blocks);

    /// <inheritdoc/>
    public static int DecodeBlocks(ReadOnlySpan<byte> blocks, Span<float> values) => ScalarBlocks.Decode<Q3_K>(blocks, values);
}
