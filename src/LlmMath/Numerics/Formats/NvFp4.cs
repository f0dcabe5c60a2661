namespace LlmMath;

/// <summary>
/// NVFP4, as GGUF stores it: 64 E2M1 codes in 4 groups of 16 with an unsigned E4M3 scale a group, 36 bytes. x ≈ s·v(q), s = max|x| ÷ 6 as E4M3
/// (to nearest, ties to even) and q the nearest of 0, ½, 1, 1½, 2, 3, 4, 6 and their negatives: ties go to the smaller magnitude, beyond 6 is ±6.
/// What rounds to 0 is +0. Layout: 4 scales, then 8 bytes a group: byte i holds element i in its low and element i + 8 in its high half.
/// A group up to 6·2⁻¹⁰ in magnitude becomes 0, and none may exceed 6·448: NVIDIA's format therefore has an fp32 scale for the tensor besides
/// (a tensor scale), which GGUF keeps in a tensor of its own. A scale of 0x7F (NaN) or with its top bit set is not valid.
/// Sources: ggml-org/ggml, src/ggml-common.h (block_nvfp4) and src/ggml-quants.c, commit d99724f2b141; NVIDIA, "Introducing NVFP4 for Efficient and Accurate
/// Low-Precision Inference" (2025).
/// </summary>
public readonly struct NvFp4 : IBlockFormat
{
    private const int Groups = 4, GroupElements = 16;

    /// <inheritdoc/>
    public static string Name => "nvfp4";

    /// <inheritdoc/>
    public static int BlockElements => 64;

    /// <inheritdoc/>
    public static int BlockBytes => 36;

    /// <inheritdoc/>
    public static bool TryEncode(ReadOnlySpan<float> values, Span<byte> block)
    {
        for (int group = 0; group < Groups; group++)
        {
            ReadOnlySpan<float> from = values.Slice(group * GroupElements, GroupElements);
            float greatest = BlockMath.MaxMagnitude(from);
            if (!(greatest <= 6 * 448f))
            {
                return false;
            }

            block[group] = Fp8E4M3.FromSingle(greatest / 6);
            float inverse = BlockMath.Inverse(Fp8E4M3.ToSingle(block[group]));
            Span<byte> codes = block.Slice(Groups + (group * GroupElements / 2), GroupElements / 2);
            for (int i = 0; i < codes.Length; i++)
            {
                codes[i] = (byte)(E2M1.CodeTowardsZero(from[i] * inverse) | (E2M1.CodeTowardsZero(from[i + 8] * inverse) << 4));
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public static bool TryDecode(ReadOnlySpan<byte> block, Span<float> values)
    {
        bool valid = true;
        for (int group = 0; group < Groups; group++)
        {
            valid &= block[group] < 0x7F;
            float half = Fp8E4M3.ToSingle(block[group]) / 2;
            ReadOnlySpan<byte> codes = block.Slice(Groups + (group * GroupElements / 2), GroupElements / 2);
            Span<float> to = values.Slice(group * GroupElements, GroupElements);
            for (int i = 0; i < codes.Length; i++)
            {
                to[i] = E2M1.Doubled[codes[i] & 15] * half;
                to[i + 8] = E2M1.Doubled[codes[i] >> 4] * half;
            }
        }

        return valid;
    }

    /// <inheritdoc/>
    public static int EncodeBlocks(ReadOnlySpan<float> values, Span<byte> blocks) => ScalarBlocks.Encode<NvFp4>(values, blocks);

    /// <inheritdoc/>
    public static int DecodeBlocks(ReadOnlySpan<byte> blocks, Span<float> values) => ScalarBlocks.Decode<NvFp4>(blocks, values);
}
