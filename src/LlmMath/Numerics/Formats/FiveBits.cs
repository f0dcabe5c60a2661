using System.Buffers.Binary;

namespace LlmMath;

/// <summary>How Q5_0 and Q5_1 store 32 codes of five bits: 4 bytes of fifth bits, then 16 bytes with the low four bits of element i (low half)
/// and element i + 16 (high half).</summary>
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
}
