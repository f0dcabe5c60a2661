using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LlmMath.Numerics.Vectors;

namespace LlmMath.Numerics.Formats;

/// <summary>How the formats of 32 four-bit codes lie in 16 bytes: byte i holds element i in its low and element i + 16 in its
/// high half.</summary>
internal static class FourBits
{
    /// <summary>Decodes 32 codes by a table of their 16 values, scale included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Decode<TLanes>(ref byte codes, Vector512<float> table, ref float values)
        where TLanes : struct, ILanes
    {
        Vector512<uint> bytes = TLanes.Widen(Vector128.LoadUnsafe(ref codes));
        TLanes.LookUp(table, bytes).StoreUnsafe(ref values);
        TLanes.LookUp(table, bytes >> 4).StoreUnsafe(ref values, 16);
    }
}
