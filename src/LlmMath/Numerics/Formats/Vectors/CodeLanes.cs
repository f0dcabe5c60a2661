using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LlmMath.Numerics.Formats;

/// <summary>The values of sixteen codes of a k-quant, stored as the sixteen of that number in a block.</summary>
internal static class CodeLanes
{
    /// <summary>Stores scale·q − min; product and difference are rounded each, as in the scalar definitions.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<int> codes, float scale, float min, ref float block, int sixteen) =>
        ((Vector512.ConvertToSingle(codes) * scale) - Vector512.Create(min)).StoreUnsafe(ref block, (nuint)(sixteen * 16));

    /// <summary>Stores scale·q.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<int> codes, float scale, ref float block, int sixteen) =>
        (Vector512.ConvertToSingle(codes) * scale).StoreUnsafe(ref block, (nuint)(sixteen * 16));
}
