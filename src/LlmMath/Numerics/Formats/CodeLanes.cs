using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LlmMath;

/// <summary>Codes of the k-quants sixteen at a time: bits of sixteen neighbouring bytes.</summary>
internal static class CodeLanes
{
    /// <summary>Bits of each of sixteen bytes, as whole numbers.</summary>
    /// <param name="bytes">At least sixteen bytes.</param>
    /// <param name="shift">Where the bits begin, 0 to 7.</param>
    /// <param name="mask">Which of them count.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Bits(ReadOnlySpan<byte> bytes, int shift, int mask) =>
        (Lanes.Widen(Vector128.Create(bytes)).AsInt32() >>> shift) & Vector512.Create(mask);

    /// <summary>Stores scale·q − min; product and difference are rounded each, as in the scalar definitions.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<int> codes, float scale, float min, Span<float> values) =>
        ((Vector512.ConvertToSingle(codes) * scale) - Vector512.Create(min)).CopyTo(values);

    /// <summary>Stores scale·q.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<int> codes, float scale, Span<float> values) =>
        (Vector512.ConvertToSingle(codes) * scale).CopyTo(values);
}
