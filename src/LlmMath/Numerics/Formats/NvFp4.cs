using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LlmMath.Numerics.Formats;
using LlmMath.Numerics.Vectors;

namespace LlmMath.Numerics;

/// <summary>
/// NVFP4, as GGUF stores it: 64 E2M1 codes in 4 groups of 16 with an unsigned E4M3 scale a group, 36 bytes. x ≈ s·v(q), s =
/// max|x| ÷ 6 as E4M3 (to nearest, ties to even) and q the nearest of 0, ½, 1, 1½, 2, 3, 4, 6 and their negatives: ties go to the
/// smaller magnitude, beyond 6 is ±6. What rounds to 0 is +0. Layout: 4 scales, then 8 bytes a group: byte i holds element i in
/// its low and element i + 8 in its high half. A group up to 6·2⁻¹⁰ in magnitude becomes 0, and none may exceed 6·448: NVIDIA's
/// format therefore has an fp32 scale for the tensor besides (a tensor scale), which GGUF keeps in a tensor of its own. A scale
/// of 0x7F (NaN) or with its top bit set is not valid.
/// GGUF's own encoder chooses the same codes under the same scales, but rounds a scale's ties up, takes 448 for every scale from
/// 248 on and 7·2⁻⁹ from there to below 2⁻⁶; it reads 0x7F as 0.
/// Sources: ggml-org/ggml, src/ggml-common.h (block_nvfp4), src/ggml-quants.c and src/ggml-impl.h (ggml_fp32_to_ue4m3), commit
/// d99724f2b141; NVIDIA, "Introducing NVFP4 for Efficient and Accurate Low-Precision Inference" (2025).
/// </summary>
public readonly struct NvFp4 : IBlockFormat, IVectorForm
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
            if (!TryScale(BlockMath.MaxMagnitude(from), out block[group]))
            {
                return false;
            }

            float scale = Divisor(block[group]);
            Span<byte> codes = block.Slice(Groups + (group * GroupElements / 2), GroupElements / 2);
            for (int i = 0; i < codes.Length; i++)
            {
                codes[i] = (byte)(E2M1.Code(from[i], scale) | (E2M1.Code(from[i + 8], scale) << 4));
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public static bool TryDecode(ReadOnlySpan<byte> block, Span<float> values)
    {
        for (int group = 0; group < Groups; group++)
        {
            float half = Fp8E4M3.ToSingle(block[group]) / 2;
            ReadOnlySpan<byte> codes = block.Slice(Groups + (group * GroupElements / 2), GroupElements / 2);
            Span<float> to = values.Slice(group * GroupElements, GroupElements);
            for (int i = 0; i < codes.Length; i++)
            {
                to[i] = E2M1.Doubled[codes[i] & 15] * half;
                to[i + 8] = E2M1.Doubled[codes[i] >> 4] * half;
            }
        }

        return AreScales(block);
    }

    /// <inheritdoc/>
    public static int EncodeBlocks(ReadOnlySpan<float> values, Span<byte> blocks) => VectorForm.Encode<NvFp4>(values, blocks);

    /// <inheritdoc/>
    public static int DecodeBlocks(ReadOnlySpan<byte> blocks, Span<float> values) => VectorForm.Decode<NvFp4>(blocks, values);

    // Two groups at a time.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int IVectorForm.Encode<TLanes>(ReadOnlySpan<float> values, Span<byte> blocks)
    {
        int count = ScalarBlocks.Count<NvFp4>(values.Length, blocks.Length);
        for (int i = 0; i < count * 2; i++)
        {
            ReadOnlySpan<float> from = values.Slice(i * 32, 32);
            Span<byte> block = blocks.Slice(i / 2 * 36, 36);
            Vector512<float> a = Vector512.Create(from), b = Vector512.Create(from[16..]);
            int group = i % 2 * 2;
            if (!TryScale(Lanes.MaxMagnitude(a, a), out block[group])
                || !TryScale(Lanes.MaxMagnitude(b, b), out block[group + 1]))
            {
                return i / 2;
            }

            Vector512<uint> codesA = E2M1.Codes<TLanes>(a, Vector512.Create(Divisor(block[group]))),
                codesB = E2M1.Codes<TLanes>(b, Vector512.Create(Divisor(block[group + 1])));
            var bytes = Vector512.Create(
                codesA.GetLower() | (codesA.GetUpper() << 4), codesB.GetLower() | (codesB.GetUpper() << 4));
            TLanes.LowBytes(bytes).CopyTo(block[(Groups + (group * 8))..]);
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int IVectorForm.Decode<TLanes>(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        int count = ScalarBlocks.Count<NvFp4>(values.Length, blocks.Length);
        var doubled = Vector512.Create(0f, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12);
        for (int i = 0; i < count * 2; i++)
        {
            ReadOnlySpan<byte> block = blocks.Slice(i / 2 * 36, 36);
            Span<float> to = values.Slice(i * 32, 32);
            int group = i % 2 * 2;
            if (!AreScales(block))
            {
                return i / 2;
            }

            Vector512<uint> bytes = TLanes.Widen(Vector128.Create(block[(Groups + (group * 8))..]));
            var half = Vector512.Create(
                Vector256.Create(Fp8E4M3.ToSingle(block[group]) / 2), Vector256.Create(Fp8E4M3.ToSingle(block[group + 1]) / 2));
            Vector512<float> low = TLanes.LookUp(doubled, bytes) * half, high = TLanes.LookUp(doubled, bytes >> 4) * half;
            Vector512.Create(low.GetLower(), high.GetLower()).CopyTo(to);
            Vector512.Create(low.GetUpper(), high.GetUpper()).CopyTo(to[16..]);
        }

        return count;
    }

    private static bool TryScale(float greatest, out byte scale)
    {
        scale = Fp8E4M3.FromSingle(greatest / 6);
        return greatest <= 6 * 448f;
    }

    private static float Divisor(byte scale) => scale == 0 ? float.PositiveInfinity : Fp8E4M3.ToSingle(scale);

    private static bool AreScales(ReadOnlySpan<byte> block) =>
        block[0] < 0x7F && block[1] < 0x7F && block[2] < 0x7F && block[3] < 0x7F;
}
