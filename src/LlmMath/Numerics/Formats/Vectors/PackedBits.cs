using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LlmMath.Numerics.Formats;

/// <summary>Bits of 32 neighbouring codes of a byte each, moved within their bytes: how the k-quants pack codes.</summary>
internal static class PackedBits
{
    /// <summary>Some bits of 32 codes, moved up, or down where the number is negative; none leaves its byte.</summary>
    /// <param name="codes">At least 32 codes.</param>
    /// <param name="mask">Which bits of each.</param>
    /// <param name="up">By how many places.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Of(ReadOnlySpan<byte> codes, byte mask, int up)
    {
        Vector256<ushort> bits = (Vector256.Create(codes) & Vector256.Create(mask)).AsUInt16();
        return (up < 0 ? bits >> -up : bits << up).AsByte();
    }
}
