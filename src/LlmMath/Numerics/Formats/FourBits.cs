using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LlmMath;

/// <summary>How the formats of 32 four-bit codes lie in 16 bytes: byte i holds element i in its low and element i + 16 in its high half.</summary>
internal static class FourBits
{
    /// <summary>Decodes 32 codes by a table of their 16 values, scale included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Decode(ref byte codes, Vector512<float> table, ref float values)
    {
        Vector512<uint> bytes = Lanes.Widen(Vector128.LoadUnsafe(ref codes));
        Lanes.LookUp(table, bytes).StoreUnsafe(ref values);
        Lanes.LookUp(table, bytes >> 4).StoreUnsafe(ref values, 16);
    }
}
