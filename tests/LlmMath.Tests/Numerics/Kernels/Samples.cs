using System.Buffers.Binary;

namespace LlmMath.Tests.Numerics.Kernels;

/// <summary>Stored matrices and vectors to multiply.</summary>
internal static class Samples
{
    /// <summary>Blocks of random bits with finite scales of every exponent up to 2⁴; fp32 and bf16 within 2^±30.</summary>
    public static byte[] Blocks(MatrixFormat format, int rows, int columns, int seed)
    {
        var random = new Random(seed);
        byte[] blocks = new byte[rows * ((columns + format.BlockElements - 1) / format.BlockElements) * format.BlockBytes];
        random.NextBytes(blocks);
        for (int at = 0; at < blocks.Length; at += format.BlockBytes)
        {
            Span<byte> block = blocks.AsSpan(at, format.BlockBytes);
            switch (format.Name)
            {
                case "fp32":
                    BinaryPrimitives.WriteSingleLittleEndian(block, Float(random));
                    break;
                case "bf16":
                    BinaryPrimitives.WriteUInt16LittleEndian(
                        block, (ushort)(BitConverter.SingleToUInt32Bits(Float(random)) >> 16));
                    break;
                default:
                    // A clear bit in the exponent: neither infinite nor NaN.
                    foreach (int at16 in HalvesAt(format))
                    {
                        block[at16 + 1] &= 0xCF;
                    }

                    break;
            }
        }

        return blocks;
    }

    /// <summary>Values of either sign over 20 powers of two, some of them 0.</summary>
    public static float[] Vector(int length, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length)
            .Select(_ => random.Next(10) == 0 ? 0 : (float)(random.NextDouble() - 0.5) * MathF.Pow(2, random.Next(-10, 10)))];
    }

    /// <summary>Where a block has scales and minimums in fp16.</summary>
    public static int[] HalvesAt(MatrixFormat format) => format.Name switch
    {
        "q4_1" or "q5_1" or "q4_k" or "q5_k" => [0, 2],
        "q2_k" => [80, 82],
        "q3_k" => [108],
        "q6_k" => [208],
        _ => [0],
    };

    private static float Float(Random random) => (float)(random.NextDouble() - 0.5) * MathF.Pow(2, random.Next(-30, 30));
}
