using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LlmMath.Numerics.Vectors;

namespace LlmMath.Numerics.Formats;

/// <summary>
/// Encodes Q3_K and Q6_K: the groups' real scales, these as whole numbers of d, then the codes anew. A group whose scale becomes
/// 0 keeps the codes it was found with. Source: ggml-org/ggml, src/ggml-quants.c (quantize_row_q3_K_ref, quantize_row_q6_K_ref),
/// commit d99724f2b141.
/// </summary>
internal static class SymmetricGroups
{
    private const int Groups = 16, Width = 16;

    /// <inheritdoc cref="IBlockFormat.TryEncode"/>
    public static bool TryEncode<TFormat>(ReadOnlySpan<float> values, Span<byte> block)
        where TFormat : struct, ISymmetricBlock
    {
        values = values[..GroupLanes.BlockElements];
        Span<float> scales = stackalloc float[Groups];
        Span<byte> codes = stackalloc byte[GroupLanes.BlockElements];
        Span<sbyte> s = stackalloc sbyte[Groups];
        for (int group = 0; group < Groups; group++)
        {
            scales[group] = TFormat.Fit(values.Slice(group * Width, Width), codes.Slice(group * Width, Width));
        }

        ushort d = ToWholeNumbers<TFormat>(scales, s);
        for (int i = 0; i < codes.Length; i++)
        {
            float scale = Fp16.ToSingle(d) * s[i / Width];
            if (scale != 0)
            {
                codes[i] = (byte)(Math.Clamp(BlockMath.NearestInt(values[i] / scale), -TFormat.CodeOffset, TFormat.CodeOffset - 1)
                    + TFormat.CodeOffset);
            }
        }

        TFormat.Pack(s, codes, d, block);
        return Fp16.IsFinite(d) && BlockMath.MaxMagnitude(values) < GroupLanes.Reach;
    }

    /// <summary>The vector form: the scales of two blocks' groups together, then the codes of sixteen values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int EncodeBlocks<TFormat, TLanes>(ReadOnlySpan<float> values, Span<byte> blocks)
        where TFormat : struct, ISymmetricBlock
        where TLanes : struct, ILanes
    {
        int count = ScalarBlocks.Count<TFormat>(values.Length, blocks.Length);
        Span<Vector512<float>> block = stackalloc Vector512<float>[Width], next = stackalloc Vector512<float>[Width];
        Span<float> scales = stackalloc float[2 * Groups];
        for (int i = 0; i < count; i++)
        {
            if (i % 2 == 0)
            {
                GroupLanes.Transpose(values[(i * GroupLanes.BlockElements)..], 1, block);
                GroupLanes.Transpose(values[(Math.Min(i + 1, count - 1) * GroupLanes.BlockElements)..], 1, next);
                (Vector512<float> of, Vector512<float> ofNext) = TFormat.Fit(block, next);
                of.CopyTo(scales);
                ofNext.CopyTo(scales[Groups..]);
            }

            if (!TryEncode<TFormat, TLanes>(values.Slice(i * GroupLanes.BlockElements, GroupLanes.BlockElements),
                scales.Slice(i % 2 * Groups, Groups), blocks.Slice(i * TFormat.BlockBytes, TFormat.BlockBytes)))
            {
                return i;
            }
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool TryEncode<TFormat, TLanes>(ReadOnlySpan<float> values, ReadOnlySpan<float> scales, Span<byte> block)
        where TFormat : struct, ISymmetricBlock
        where TLanes : struct, ILanes
    {
        Span<byte> codes = stackalloc byte[GroupLanes.BlockElements];
        Span<sbyte> s = stackalloc sbyte[Groups];
        ushort d = ToWholeNumbers<TFormat>(scales, s);
        if (!Fp16.IsFinite(d) || !GroupLanes.AreInReach(values))
        {
            return false;
        }

        for (int group = 0; group < Groups; group++)
        {
            ReadOnlySpan<float> x = values.Slice(group * Width, Width);
            Span<byte> to = codes.Slice(group * Width, Width);
            float scale = Fp16.ToSingle(d) * s[group];
            if (scale != 0)
            {
                Vector512<int> q = Lanes.NearestInt(Vector512.Create(x) / Vector512.Create(scale));
                q = Lanes.Clamp(q, -TFormat.CodeOffset, TFormat.CodeOffset - 1) + Vector512.Create(TFormat.CodeOffset);
                TLanes.LowBytes(q.AsUInt32()).CopyTo(to);
            }
            else
            {
                TFormat.Fit(x, to);
            }
        }

        TFormat.Pack(s, codes, d, block);
        return true;
    }

    // Real scales as whole ones of a unit, of which that of greatest magnitude is the least: the unit as fp16.
    private static ushort ToWholeNumbers<TFormat>(ReadOnlySpan<float> real, Span<sbyte> whole)
        where TFormat : struct, ISymmetricBlock
    {
        float greatest = BlockMath.OfGreatestMagnitude(real);
        if (MathF.Abs(greatest) < TFormat.LeastMagnitude)
        {
            whole.Fill(TFormat.ScaleOfNone);
            return 0;
        }

        float inverse = TFormat.LeastScale / greatest;
        for (int i = 0; i < whole.Length; i++)
        {
            whole[i] = (sbyte)Math.Clamp(BlockMath.NearestInt(inverse * real[i]), TFormat.LeastScale, -1 - TFormat.LeastScale);
        }

        return Fp16.FromSingle(1 / inverse);
    }
}
