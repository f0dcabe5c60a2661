using System.Buffers.Binary;

namespace LlmMath.Numerics.Kernels;

/// <summary>Writes a part's codes into a row's lane, as <see cref="CodeLines"/> reads them.</summary>
internal static class CodePacker
{
    private const int LaneBytes = 4;

    /// <summary>4 bytes of a line.</summary>
    public static void Word(Span<byte> lane, int line, uint word) =>
        BinaryPrimitives.WriteUInt32LittleEndian(lane[(line * RowGroups.LineBytes)..], word);

    /// <summary>4 bytes to each line.</summary>
    public static void Spread(ReadOnlySpan<byte> bytes, Span<byte> lane)
    {
        for (int i = 0; i < bytes.Length; i += LaneBytes)
        {
            bytes.Slice(i, Math.Min(LaneBytes, bytes.Length - i)).CopyTo(lane[(i / LaneBytes * RowGroups.LineBytes)..]);
        }
    }

    /// <summary>The low four bits of 32 codes, in 4 lines.</summary>
    public static void Nibbles(ReadOnlySpan<byte> codes, Span<byte> lane, int line)
    {
        for (int j = 0; j < 4; j++)
        {
            Word(lane, line + j, (Four(codes, j) & 0x0F0F0F0F) | ((Four(codes, 4 + j) & 0x0F0F0F0F) << 4));
        }
    }

    /// <summary>Two bits of each of 32 codes, from bit <paramref name="from"/> on, in 2 lines.</summary>
    public static void Pairs(ReadOnlySpan<byte> codes, int from, Span<byte> lane, int line)
    {
        for (int j = 0; j < 2; j++)
        {
            uint word = 0;
            for (int p = 0; p < 4; p++)
            {
                word |= ((Four(codes, (2 * p) + j) >> from) & 0x03030303) << (2 * p);
            }

            Word(lane, line + j, word);
        }
    }

    /// <summary>One bit of each of 32 codes, in a line.</summary>
    public static void Bits(ReadOnlySpan<byte> codes, int from, Span<byte> lane, int line)
    {
        uint word = 0;
        for (int i = 0; i < 8; i++)
        {
            word |= ((Four(codes, i) >> from) & 0x01010101) << i;
        }

        Word(lane, line, word);
    }

    /// <summary>Bits <paramref name="from"/> and on of eight numbers, <paramref name="mask"/> wide, four bits apart.</summary>
    public static uint Eight(ReadOnlySpan<byte> numbers, int stride, int from, uint mask)
    {
        uint word = 0;
        for (int i = 0; i < 8; i++)
        {
            word |= (((uint)numbers[i * stride] >> from) & mask) << (4 * i);
        }

        return word;
    }

    private static uint Four(ReadOnlySpan<byte> codes, int i) => BinaryPrimitives.ReadUInt32LittleEndian(codes[(4 * i)..]);
}
