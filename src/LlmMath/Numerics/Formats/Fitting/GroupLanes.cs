using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LlmMath.Numerics.Vectors;

namespace LlmMath.Numerics.Formats;

/// <summary>Blocks of 256 values whose groups are handled sixteen at a time, a group in each lane: those of one block, or, where
/// a block has eight, of two.</summary>
internal static class GroupLanes
{
    public const int BlockElements = 256;

    private const int Groups = 16;

    /// <summary>2⁴⁰.</summary>
    public const float Reach = 1L << 40;

    /// <summary>Puts element i of every group into vector i.</summary>
    /// <param name="values">Blocks, as many as <paramref name="blocks"/> or fewer: the last one fills the lanes that are
    /// left.</param>
    /// <param name="blocks">Blocks that fill the lanes: 1 or 2.</param>
    /// <param name="lanes">A vector for each element of a group.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(ReadOnlySpan<float> values, int blocks, Span<Vector512<float>> lanes)
    {
        ref float to = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<Vector512<float>, float>(lanes));
        for (int lane = 0; lane < Groups; lane++)
        {
            int start = Math.Min(lane / (Groups / blocks) * BlockElements, values.Length - BlockElements)
                + (lane % (Groups / blocks) * lanes.Length);
            ref float group = ref MemoryMarshal.GetReference(values.Slice(start, lanes.Length));
            for (nuint i = 0; i < (nuint)lanes.Length; i++)
            {
                Unsafe.Add(ref to, (i * Groups) + (nuint)lane) = Unsafe.Add(ref group, i);
            }
        }
    }

    /// <summary>In each lane the value of greatest magnitude, the first where several are equal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> OfGreatestMagnitude(ReadOnlySpan<Vector512<float>> x)
    {
        Vector512<float> greatest = default;
        foreach (Vector512<float> value in x)
        {
            greatest = Vector512.ConditionalSelect(
                Vector512.GreaterThan(Vector512.Abs(value), Vector512.Abs(greatest)), value, greatest);
        }

        return greatest;
    }

    /// <summary>Whether all values are below 2⁴⁰ in magnitude. No fp16 scale reaches that far, and below it no sum of a fit is
    /// infinite; NaN is not below.</summary>
    public static bool AreInReach(ReadOnlySpan<float> block) => Lanes.MaxMagnitude(block) < Reach;
}
