using System.Buffers.Binary;

namespace LlmMath;

/// <summary>
/// GGUF's Q6_K: 256 6-bit codes in 16 groups of 16, 210 bytes. x ≈ d·s·(q − 32): a signed 8-bit scale s a group, fp16 d for all.
/// Layout: 128 bytes of the low four bits, in each 64 of them byte i holds element i of 128 in its low and element i + 64 in its high half;
/// 64 bytes of the high two bits, in each 32 of them byte i holds elements i, i + 32, i + 64, i + 96 of 128 from the low bits up; 16 bytes of
/// s; d (2 bytes, little-endian).
/// Encoding minimizes the squared error (<see cref="SymmetricGroups"/>); the bits may differ from those of other encoders.
/// Source: ggml-org/ggml, src/ggml-common.h (block_q6_K) and src/ggml-quants.c, commit d99724f2b141.
/// </summary>
public readonly struct Q6_K : IBlockFormat
{
    /// <inheritdoc/>
    public static string Name => "q6_k";

    /// <inheritdoc/>
    public static int BlockElements => 256;

    /// <inheritdoc/>
    public static int BlockBytes => 210;

    /// <inheritdoc/>
    public static bool TryEncode(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<sbyte> scales = stackalloc sbyte[16];
        Span<byte> codes = stackalloc byte[256];
        SymmetricGroups.Fit(values[..256], codeOffset: 32, leastScale: -128, scales, codes, out float d);
        for (int i = 0; i < 128; i++)
        {
            int at = (i / 64 * 128) + (i % 64);
            block[i] = (byte)((codes[at] & 15) | ((codes[at + 64] & 15) << 4));
        }

        for (int i = 0; i < 64; i++)
        {
            ReadOnlySpan<byte> from = codes[((i / 32 * 128) + (i % 32))..];
            block[128 + i] = (byte)((from[0] >> 4) | (from[32] >> 4 << 2) | (from[64] >> 4 << 4) | (from[96] >> 4 << 6));
        }

        for (int group = 0; group < 16; group++)
        {
            block[192 + group] = unchecked((byte)scales[group]);
        }

        ushort half = Fp16.FromSingle(d);
        BinaryPrimitives.WriteUInt16LittleEndian(block[208..], half);
        return Fp16.IsFinite(half);
    }

    /// <inheritdoc/>
    public static bool TryDecode(ReadOnlySpan<byte> block, Span<float> values)
    {
        ushort half = BinaryPrimitives.ReadUInt16LittleEndian(block[208..]);
        float d = Fp16.ToSingle(half);
        for (int group = 0; group < 16; group++)
        {
            float scale = d * unchecked((sbyte)block[192 + group]);
            ReadOnlySpan<byte> low = block.Slice((group / 8 * 64) + (group % 4 * 16), 16);
            ReadOnlySpan<byte> high = block.Slice(128 + (group / 8 * 32) + (group % 2 * 16), 16);
            Span<float> to = values.Slice(group * 16, 16);
            int lowShift = group / 4 % 2 * 4, highShift = group / 2 % 4 * 2;
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = scale * ((((low[i] >> lowShift) & 15) | (((high[i] >> highShift) & 3) << 4)) - 32);
            }
        }

        return Fp16.IsFinite(half);
    }

    /// <inheritdoc/>
    public static int EncodeBlocks(ReadOnlySpan<float> values, Span<byte> blocks) => ScalarBlocks.Encode<Q6_K>(values, blocks);

    /// <inheritdoc/>
    public static int DecodeBlocks(ReadOnlySpan<byte> blocks, Span<float> values) => ScalarBlocks.Decode<Q6_K>(blocks, values);
}
