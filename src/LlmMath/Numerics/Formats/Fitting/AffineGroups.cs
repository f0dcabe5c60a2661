using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LlmMath.Numerics.Vectors;

namespace LlmMath.Numerics.Formats;

/// <summary>
/// Encodes Q2_K, Q4_K and Q5_K: the groups' real scales and minimums (<see cref="AffineSearch"/>), both as whole numbers of d and
/// dmin, then the codes anew. A group whose scale becomes 0 keeps the codes it was found with.
/// Source: ggml-org/ggml, src/ggml-quants.c (quantize_row_q2_K_ref, quantize_row_q4_K_ref), commit d99724f2b141.
/// </summary>
internal static class AffineGroups
{
    private const int MaxGroups = 16;

    /// <inheritdoc cref="IBlockFormat.TryEncode"/>
    public static bool TryEncode<TFormat>(ReadOnlySpan<float> values, Span<byte> block)
        where TFormat : struct, IAffineBlock
    {
        values = values[..GroupLanes.BlockElements];
        Span<float> scales = stackalloc float[TFormat.Groups], mins = stackalloc float[TFormat.Groups];
        Span<byte> codes = stackalloc byte[GroupLanes.BlockElements], s = stackalloc byte[TFormat.Groups],
            m = stackalloc byte[TFormat.Groups];
        int width = GroupLanes.BlockElements / TFormat.Groups;
        for (int group = 0; group < TFormat.Groups; group++)
        {
            (scales[group], mins[group]) =
                TFormat.Search.Fit(values.Slice(group * width, width), codes.Slice(group * width, width));
        }

        float d = ToWholeNumbers(TFormat.Search, scales, s), dmin = ToWholeNumbers(TFormat.Search, mins, m);
        for (int i = 0; i < codes.Length; i++)
        {
            float scale = d * s[i / width], min = dmin * m[i / width];
            if (scale != 0)
            {
                codes[i] = (byte)Math.Clamp(BlockMath.NearestInt((values[i] + min) / scale), 0, TFormat.Search.MaxCode);
            }
        }

        TFormat.Pack(s, m, codes, block);
        return Fp16Scales.TryWrite(block[TFormat.ScalesAt..], d, dmin) && BlockMath.MaxMagnitude(values) < GroupLanes.Reach;
    }

    /// <summary>The vector form: scales and minimums of sixteen groups at a time, then the codes of sixteen values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int EncodeBlocks<TFormat, TLanes>(ReadOnlySpan<float> values, Span<byte> blocks)
        where TFormat : struct, IAffineBlock
        where TLanes : struct, ILanes
    {
        int count = ScalarBlocks.Count<TFormat>(values.Length, blocks.Length), together = MaxGroups / TFormat.Groups;
        Span<Vector512<float>> lanes = stackalloc Vector512<float>[GroupLanes.BlockElements / TFormat.Groups];
        Span<float> scales = stackalloc float[MaxGroups], mins = stackalloc float[MaxGroups];
        for (int i = 0; i < count; i++)
        {
            int at = i % together * TFormat.Groups;
            if (at == 0)
            {
                GroupLanes.Transpose(values[(i * GroupLanes.BlockElements)..], together, lanes);
                AffineSearchLanes.Fit(TFormat.Search, lanes, scales, mins);
            }

            if (!TryEncode<TFormat, TLanes>(values.Slice(i * GroupLanes.BlockElements, GroupLanes.BlockElements),
                scales.Slice(at, TFormat.Groups), mins.Slice(at, TFormat.Groups),
                blocks.Slice(i * TFormat.BlockBytes, TFormat.BlockBytes)))
            {
                return i;
            }
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool TryEncode<TFormat, TLanes>(
        ReadOnlySpan<float> values, ReadOnlySpan<float> scales, ReadOnlySpan<float> mins, Span<byte> block)
        where TFormat : struct, IAffineBlock
        where TLanes : struct, ILanes
    {
        Span<byte> codes = stackalloc byte[GroupLanes.BlockElements], s = stackalloc byte[TFormat.Groups],
            m = stackalloc byte[TFormat.Groups];
        float d = ToWholeNumbers(TFormat.Search, scales, s), dmin = ToWholeNumbers(TFormat.Search, mins, m);
        int width = GroupLanes.BlockElements / TFormat.Groups;
        for (int i = 0; i < codes.Length; i += 16)
        {
            float scale = d * s[i / width], min = dmin * m[i / width];
            if (scale != 0)
            {
                Vector512<float> x = Vector512.Create(values.Slice(i, 16)) + Vector512.Create(min);
                Vector512<int> q = Lanes.NearestInt(x / Vector512.Create(scale));
                TLanes.LowBytes(Lanes.Clamp(q, 0, TFormat.Search.MaxCode).AsUInt32()).CopyTo(codes[i..]);
            }
            else if (i % width == 0)
            {
                TFormat.Search.Fit(values.Slice(i, width), codes.Slice(i, width));
            }
        }

        TFormat.Pack(s, m, codes, block);
        return Fp16Scales.TryWrite(block[TFormat.ScalesAt..], d, dmin) && GroupLanes.AreInReach(values);
    }

    // Real numbers as whole ones of a unit, of which the greatest is search.MaxScale: the unit, as fp16 holds it.
    private static float ToWholeNumbers(AffineSearch search, ReadOnlySpan<float> real, Span<byte> whole)
    {
        float greatest = 0;
        foreach (float number in real)
        {
            greatest = number > greatest ? number : greatest;
        }

        float inverse = greatest > 0 ? search.MaxScale / greatest : 0;
        for (int i = 0; i < whole.Length; i++)
        {
            // A negative one wraps around, as GGUF's own encoder has it.
            whole[i] = (byte)Math.Min(search.MaxScale, unchecked((byte)BlockMath.NearestInt(inverse * real[i])));
        }

        return Fp16Scales.Round(greatest / search.MaxScale);
    }
}
