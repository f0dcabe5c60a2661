using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LlmMath.Numerics.Vectors;

namespace LlmMath.Numerics.Formats;

/// <summary>How Q5_0 and Q5_1 store 32 codes of five bits: 4 bytes of fifth bits, then 16 bytes with the low four bits of element
/// i (low half) and element i + 16 (high half).</summary>
internal static class FiveBits
{
    public static void Pack(ReadOnlySpan<byte> codes, Span<byte> packed)
    {
        uint fifth = 0;
        for (int i = 0; i < 16; i++)
        {
            packed[4 + i] = (byte)((codes[i] & 15) | ((codes[i + 16] & 15) << 4));
            fifth |= ((uint)(codes[i] >> 4) << i) | ((uint)(codes[i + 16] >> 4) << (i + 16));
        }

        BinaryPrimitives.WriteUInt32LittleEndian(packed, fifth);
    }

    public static void Unpack(ReadOnlySpan<byte> packed, Span<byte> codes)
    {
        uint fifth = BinaryPrimitives.ReadUInt32LittleEndian(packed);
        for (int i = 0; i < 16; i++)
        {
            codes[i] = (byte)((packed[4 + i] & 15u) | (((fifth >> i) & 1) << 4));
            codes[i + 16] = (byte)(((uint)packed[4 + i] >> 4) | (((fifth >> (i + 16)) & 1) << 4));
        }
    }

    /// <summary>Packs the codes of elements 0 to 15 and of 16 to 31.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Pack<TLanes>(Vector512<int> a, Vector512<int> b, ref byte packed)
        where TLanes : struct, ILanes
    {
        ulong fifth = (a << 27).ExtractMostSignificantBits() | ((b << 27).ExtractMostSignificantBits() << 16);
        var low = Vector512.Create(15);
        Unsafe.WriteUnaligned(ref packed, (uint)fifth);
        TLanes.LowBytes(((a & low) | ((b & low) << 4)).AsUInt32()).StoreUnsafe(ref packed, 4);
    }

    /// <summary>The codes of elements 0 to 15 and of 16 to 31.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<int> A, Vector512<int> B) Unpack<TLanes>(ref byte packed)
        where TLanes : struct, ILanes
    {
        uint fifth = Unsafe.ReadUnaligned<uint>(ref packed);
        Vector512<int> bytes = TLanes.Widen(Vector128.LoadUnsafe(ref packed, 4)).AsInt32();
        return ((bytes & Vector512.Create(15)) | Sixteen(fifth), (bytes >> 4) | Sixteen(fifth >> 16));

        // 16 in the lanes whose bit is set.
        static Vector512<int> Sixteen(uint bits)
        {
            var ofLane = Vector512.Create(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768);
            return Vector512.Equals(Vector512.Create((int)(bits & 0xFFFF)) & ofLane, ofLane) & Vector512.Create(16);
        }
    }
}
