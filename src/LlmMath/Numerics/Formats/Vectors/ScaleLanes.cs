using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LlmMath.Numerics.Vectors;

namespace LlmMath.Numerics.Formats;

/// <summary>The fp16 scales of blocks of 32, those of sixteen blocks together.</summary>
internal static class ScaleLanes
{
    /// <summary>Blocks whose scales are encoded together.</summary>
    public const int Blocks = 16;

    /// <summary>Encodes scales and gives what values are multiplied by.</summary>
    /// <param name="scales">d of sixteen blocks.</param>
    /// <param name="halves">16 scales as fp16.</param>
    /// <param name="inverses"><see cref="BlockMath.Inverse"/> of each.</param>
    /// <returns>How many scales from the first on are finite.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Encode<TLanes>(Vector512<float> scales, Span<ushort> halves, Span<float> inverses)
        where TLanes : struct, ILanes
    {
        Vector512<float> inverse = Vector512<float>.One / scales,
            isInfinite = Vector512.Equals(Vector512.Abs(inverse), Vector512.Create(float.PositiveInfinity));
        Vector512<uint> bits = Fp16.FromSingle(scales), exponent = Vector512.Create(0x7C00u);
        Vector512.ConditionalSelect(isInfinite, Vector512<float>.Zero, inverse).CopyTo(inverses);
        TLanes.LowHalves(bits).CopyTo(halves);
        ulong notFinite = Vector512.Equals(bits & exponent, exponent).ExtractMostSignificantBits();
        return BitOperations.TrailingZeroCount(notFinite | (1UL << Blocks));
    }

    /// <summary>Whether a scale that stands at a place is finite, and its value in every lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryDecode(ref byte scale, out Vector512<float> inLanes)
    {
        ushort bits = Unsafe.ReadUnaligned<ushort>(ref scale);
        inLanes = Fp16.FiniteInLanes(bits) * Fp16.TwoTo112;
        return Fp16.IsFinite(bits);
    }
}
