using System.Buffers.Binary;
using LlmMath.Numerics.Formats;

namespace LlmMath.Numerics.Kernels;

/// <summary>How block formats are packed: each the counterpart of its <see cref="IBlockCodes"/>. Scales must be finite.</summary>
internal static class BlockPackers
{
    private const int Part = 32, Large = 256;

    /// <summary>Two blocks of q8_0 or q4_0: a line of scales, then the codes of the first and of the second, as they
    /// stand.</summary>
    public static int ScaledPair(ReadOnlySpan<byte> part, Span<byte> lane, int blockBytes) =>
        Each(part, blockBytes, lane, static (block, lane, at, bytes) =>
        {
            block[..2].CopyTo(lane[(at * 2)..]);
            CodePacker.Spread(block[2..], lane[((1 + (at * (bytes - 2) / 4)) * RowGroups.LineBytes)..]);
        });

    /// <summary>q4_1: as it stands.</summary>
    public static int Q4_1(ReadOnlySpan<byte> part, Span<byte> lane) =>
        Each(part, LlmMath.Numerics.Q4_1.BlockBytes, lane, static (block, lane, _, _) => CodePacker.Spread(block, lane),
            minimumAt: 2);

    /// <summary>Two blocks of q5_0.</summary>
    public static int Q5_0(ReadOnlySpan<byte> part, Span<byte> lane) =>
        Each(part, LlmMath.Numerics.Q5_0.BlockBytes, lane, static (block, lane, at, _) =>
        {
            block[..2].CopyTo(lane[(at * 2)..]);
            Fives(block[2..], lane, 1 + (at * 5));
        });

    /// <summary>q5_1.</summary>
    public static int Q5_1(ReadOnlySpan<byte> part, Span<byte> lane) =>
        Each(part, LlmMath.Numerics.Q5_1.BlockBytes, lane, static (block, lane, _, _) =>
        {
            block[..4].CopyTo(lane);
            Fives(block[4..], lane, 1);
        }, minimumAt: 2);

    /// <summary>q4_k.</summary>
    public static int Q4_K(ReadOnlySpan<byte> part, Span<byte> lane) =>
        Each(part, LlmMath.Numerics.Q4_K.BlockBytes, lane, static (block, lane, _, _) =>
        {
            Span<byte> codes = stackalloc byte[Large];
            LlmMath.Numerics.Q4_K.UnpackCodes(block, codes);
            SixBits(block, lane);
            for (int i = 0; i < 8; i++)
            {
                CodePacker.Nibbles(codes.Slice(i * Part, Part), lane, 4 + (i * 4));
            }
        }, minimumAt: 2);

    /// <summary>q5_k.</summary>
    public static int Q5_K(ReadOnlySpan<byte> part, Span<byte> lane) =>
        Each(part, LlmMath.Numerics.Q5_K.BlockBytes, lane, static (block, lane, _, _) =>
        {
            Span<byte> codes = stackalloc byte[Large];
            LlmMath.Numerics.Q5_K.UnpackCodes(block, codes);
            SixBits(block, lane);
            for (int i = 0; i < 8; i++)
            {
                CodePacker.Bits(codes.Slice(i * Part, Part), 4, lane, 4 + (i * 5));
                CodePacker.Nibbles(codes.Slice(i * Part, Part), lane, 5 + (i * 5));
            }
        }, minimumAt: 2);

    /// <summary>q2_k.</summary>
    public static int Q2_K(ReadOnlySpan<byte> part, Span<byte> lane) =>
        Each(part, LlmMath.Numerics.Q2_K.BlockBytes, lane, static (block, lane, _, _) =>
        {
            Span<byte> codes = stackalloc byte[Large];
            LlmMath.Numerics.Q2_K.UnpackCodes(block, codes);
            block.Slice(80, 4).CopyTo(lane);
            for (int kind = 0; kind < 4; kind++)
            {
                CodePacker.Word(lane, 1 + kind, CodePacker.Eight(block[(kind % 2)..], 2, kind / 2 * 4, 15));
            }

            for (int i = 0; i < 8; i++)
            {
                CodePacker.Pairs(codes.Slice(i * Part, Part), 0, lane, 5 + (i * 2));
            }
        }, scaleAt: 80, minimumAt: 82);

    /// <summary>Two blocks of q3_k.</summary>
    public static int Q3_K(ReadOnlySpan<byte> part, Span<byte> lane) =>
        Each(part, LlmMath.Numerics.Q3_K.BlockBytes, lane, static (block, lane, at, _) =>
        {
            Span<byte> codes = stackalloc byte[Large], scales = stackalloc byte[16];
            LlmMath.Numerics.Q3_K.UnpackCodes(block, codes);
            LlmMath.Numerics.Q3_K.UnpackScales(block, scales);
            block.Slice(108, 2).CopyTo(lane[(at * 2)..]);
            int line = 1 + (at * 3);
            CodePacker.Word(lane, line, CodePacker.Eight(scales, 2, 0, 15));
            CodePacker.Word(lane, line + 1, CodePacker.Eight(scales[1..], 2, 0, 15));
            CodePacker.Word(lane, line + 2, CodePacker.Eight(scales, 2, 4, 3) | (CodePacker.Eight(scales[1..], 2, 4, 3) << 2));
            for (int i = 0; i < 8; i++)
            {
                line = 7 + (((at * 8) + i) * 3);
                CodePacker.Bits(codes.Slice(i * Part, Part), 2, lane, line);
                CodePacker.Pairs(codes.Slice(i * Part, Part), 0, lane, line + 1);
            }
        }, scaleAt: 108);

    /// <summary>Two blocks of q6_k.</summary>
    public static int Q6_K(ReadOnlySpan<byte> part, Span<byte> lane) =>
        Each(part, LlmMath.Numerics.Q6_K.BlockBytes, lane, static (block, lane, at, _) =>
        {
            Span<byte> codes = stackalloc byte[Large];
            LlmMath.Numerics.Q6_K.UnpackCodes(block, codes);
            block.Slice(208, 2).CopyTo(lane[(at * 2)..]);
            for (int i = 0; i < 16; i++)
            {
                // Even groups are the parts' first ones, odd ones their second.
                int line = 1 + (at * 4) + (i % 2 * 2) + (i / 8);
                lane[(line * RowGroups.LineBytes) + (i / 2 % 4)] = block[192 + i];
            }

            for (int i = 0; i < 8; i++)
            {
                int line = 9 + (((at * 8) + i) * 6);
                CodePacker.Pairs(codes.Slice(i * Part, Part), 4, lane, line);
                CodePacker.Nibbles(codes.Slice(i * Part, Part), lane, line + 2);
            }
        }, scaleAt: 208);

    /// <summary>Packs a block: its stored bytes, the lane, its number in the tile, its size.</summary>
    private delegate void Packer(ReadOnlySpan<byte> block, Span<byte> lane, int at, int bytes);

    private static int Each(
        ReadOnlySpan<byte> part, int blockBytes, Span<byte> lane, Packer pack, int scaleAt = 0, int minimumAt = -1)
    {
        for (int at = 0; at * blockBytes < part.Length; at++)
        {
            ReadOnlySpan<byte> block = part.Slice(at * blockBytes, blockBytes);
            if (!IsFinite(block[scaleAt..]) || (minimumAt >= 0 && !IsFinite(block[minimumAt..])))
            {
                return at;
            }

            pack(block, lane, at, blockBytes);
        }

        return -1;
    }

    private static bool IsFinite(ReadOnlySpan<byte> half) => Fp16.IsFinite(BinaryPrimitives.ReadUInt16LittleEndian(half));

    private static void Fives(ReadOnlySpan<byte> packed, Span<byte> lane, int line)
    {
        Span<byte> codes = stackalloc byte[Part];
        FiveBits.Unpack(packed, codes);
        CodePacker.Bits(codes, 4, lane, line);
        CodePacker.Nibbles(codes, lane, line + 1);
    }

    /// <summary>The header of q4_k and q5_k.</summary>
    private static void SixBits(ReadOnlySpan<byte> block, Span<byte> lane)
    {
        Span<byte> scales = stackalloc byte[8], minima = stackalloc byte[8];
        for (int i = 0; i < 8; i++)
        {
            (int scale, int minimum) = SixBitScales.Unpack(block.Slice(4, 12), i);
            (scales[i], minima[i]) = ((byte)scale, (byte)minimum);
        }

        block[..4].CopyTo(lane);
        CodePacker.Word(lane, 1, CodePacker.Eight(scales, 1, 0, 15));
        CodePacker.Word(lane, 2, CodePacker.Eight(minima, 1, 0, 15));
        CodePacker.Word(lane, 3, CodePacker.Eight(scales, 1, 4, 3) | (CodePacker.Eight(minima, 1, 4, 3) << 2));
    }
}
