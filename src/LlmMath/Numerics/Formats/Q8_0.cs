using System.Buffers.Binary;

namespace LlmMath;

/// <summary>
/// GGUF's Q8_0: 32 signed 8-bit codes with one fp16 scale d, 34 bytes. x ≈ d·q, d = max|x| ÷ 127, q = x ÷ d rounded to the nearest, ties to
/// even: codes from −127 to 127. Layout: d (2 bytes, little-endian), q₀ … q₃₁ (1 byte each).
/// A block of zeros has d = 0. Where d is subnormal in binary32 the codes are 0. −0 becomes +0.
/// Source: ggml-org/ggml, src/ggml-common.h (block_q8_0) and src/ggml-quants.c, commit d99724f2b141.
/// </summary>
public readonly struct Q8_0 : IBlockFormat
{
    /// <inheritdoc/>
    public static string Name => "q8_0";

    /// <inheritdoc/>
    public static int BlockElements => 32;

    /// <inheritdoc/>
    public static int BlockBytes => 34;

    /// <summary>Where the codes begin in a block.</summary>
    internal const int CodesAt = 2;

    /// <inheritdoc/>
    public static bool TryEncode(ReadOnlySpan<float> values, Span<byte> block)
    {
        float d = BlockMath.MaxMagnitude(values[..32]) / 127;
        ushort scale = Fp16.FromSingle(d);
        if (!Fp16.IsFinite(scale))
        {
            return false;
        }

        BinaryPrimitives.WriteUInt16LittleEndian(block, scale);
        float inverse = BlockMath.Inverse(d);
        Span<byte> codes = block.Slice(CodesAt, 32);
        for (int i = 0; i < codes.Length; i++)
        {
            codes[i] = unchecked((byte)BlockMath.NearestInt(values[i] * inverse));
        }

        return true;
    }

    /// <inheritdoc/>
    public static bool TryDecode(ReadOnlySpan<byte> block, Span<float> values)
    {
        ushort scale = BinaryPrimitives.ReadUInt16LittleEndian(block);
        float d = Fp16.ToSingle(scale);
        ReadOnlySpan<byte> codes = block.Slice(CodesAt, 32);
        for (int i = 0; i < codes.Length; i++)
        {
            values[i] = unchecked((sbyte)codes[i]) * d;
        }

        return Fp16.IsFinite(scale);
    }

    /// <inheritdoc/>
    public static int EncodeBlocks(ReadOnlySpan<float> values, Span<byte> blocks) => ScalarBlocks.Encode<Q8_0>(values, blocks);

    /// <inheritdoc/>
    public static int DecodeBlocks(ReadOnlySpan<byte> blocks, Span<float> values) => ScalarBlocks.Decode<Q8_0>(blocks, values);
}
