using System.Buffers.Binary;

namespace LlmMath;

/// <summary>
/// GGUF's Q5_0: 32 5-bit codes with one fp16 scale d, 22 bytes. x ≈ d·(q − 16), d = m ÷ −16 with m the value of greatest magnitude (the
/// first of several), q = ⌊x ÷ d + 16.5⌋, at most 31: ties go up, as the format's own encoder has it.
/// Layout: d (2 bytes, little-endian), the codes' fifth bits (4 bytes, little-endian, bit i of element i), then 16 bytes: byte i holds the
/// low four bits of element i in its low and of element i + 16 in its high half.
/// A block of zeros has d = 0. Where d is subnormal in binary32 all codes are 16.
/// Source: ggml-org/ggml, src/ggml-common.h (block_q5_0) and src/ggml-quants.c, commit d99724f2b141.
/// </summary>
public readonly struct Q5_0 : IBlockFormat
{
    /// <inheritdoc/>
    public static string Name => "q5_0";

    /// <inheritdoc/>
    public static int BlockElements => 32;

    /// <inheritdoc/>
    public static int BlockBytes => 22;

    /// <inheritdoc/>
    public static bool TryEncode(ReadOnlySpan<float> values, Span<byte> block)
    {
        float d = BlockMath.OfGreatestMagnitude(values[..32]) / -16;
        ushort scale = Fp16.FromSingle(d);
        if (!Fp16.IsFinite(scale))
        {
            return false;
        }

        BinaryPrimitives.WriteUInt16LittleEndian(block, scale);
        float inverse = BlockMath.Inverse(d);
        Span<byte> codes = stackalloc byte[32];
        for (int i = 0; i < codes.Length; i++)
        {
            codes[i] = (byte)Math.Min(31, (int)((values[i] * inverse) + 16.5f));
        }

        FiveBits.Pack(codes, block[2..]);
        return true;
    }

    /// <inheritdoc/>
    public static bool TryDecode(ReadOnlySpan<byte> block, Span<float> values)
    {
        ushort scale = BinaryPrimitives.ReadUInt16LittleEndian(block);
        float d = Fp16.ToSingle(scale);
        Span<byte> codes = stackalloc byte[32];
        FiveBits.Unpack(block[2..], codes);
        for (int i = 0; i < codes.Length; i++)
        {
            values[i] = (codes[i] - 16) * d;
        }

        return Fp16.IsFinite(scale);
    }

    /// <inheritdoc/>
    public static int EncodeBlocks(ReadOnlySpan<float> values, Span<byte> blocks) => ScalarBlocks.Encode<Q5_0>(values, blocks);

    /// <inheritdoc/>
    public static int DecodeBlocks(ReadOnlySpan<byte> blocks, Span<float> values) => ScalarBlocks.Decode<Q5_0>(blocks, values);
}
