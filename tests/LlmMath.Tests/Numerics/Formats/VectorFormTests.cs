namespace LlmMath.Tests.Numerics.Formats;

/// <summary>The loops over many blocks, vectorized or not, give the bits of the scalar definition, at every number of blocks from
/// 0 to 257.</summary>
public class VectorFormTests
{
    private static readonly float[] s_adversarial =
    [
        0, -0f, float.Epsilon, -float.Epsilon, 1.17549435e-38f, 1e-40f, 6e-8f, 2.98e-8f, 0.25f, -0.75f, 1.25f, 1.75f, 2.5f, -2.5f,
        3.5f, 5, 6, 7, 1, -1, 127, -127,
        0.5f, 8.5f, 448, 464, 65504, -65504, 57344, 1 / 3f, -1e-5f, 4.1723e-7f,
    ];

    public static TheoryData<string> Names => BlockFormat.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void EncodingIsTheScalarDefinitions(string name)
    {
        var format = BlockFormat.Find(name);
        foreach (int blocks in Lengths(format))
        {
            for (int kind = 0; kind < 4; kind++)
            {
                float[] values = Values(blocks * format.Elements, kind, seed: blocks);
                byte[] expected = new byte[blocks * format.Bytes], actual = new byte[blocks * format.Bytes];
                int done = 0;
                while (done < blocks && format.TryEncode(
                    values.AsSpan(done * format.Elements, format.Elements), expected.AsSpan(done * format.Bytes, format.Bytes)))
                {
                    done++;
                }

                Assert.Equal(done, format.EncodeBlocks(values, actual));
                Assert.True(expected.AsSpan(0, done * format.Bytes).SequenceEqual(actual.AsSpan(0, done * format.Bytes)),
                    $"{name}, {blocks} blocks, kind {kind}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void DecodingIsTheScalarDefinitions(string name)
    {
        var format = BlockFormat.Find(name);
        foreach (int blocks in Lengths(format))
        {
            byte[] bytes = new byte[blocks * format.Bytes];
            new Random(blocks).NextBytes(bytes);
            float[] expected = new float[blocks * format.Elements], actual = new float[blocks * format.Elements];
            int done = 0;
            while (done < blocks && format.TryDecode(
                bytes.AsSpan(done * format.Bytes, format.Bytes), expected.AsSpan(done * format.Elements, format.Elements)))
            {
                done++;
            }

            Assert.Equal(done, format.DecodeBlocks(bytes, actual));
            for (int i = 0; i < done * format.Elements; i++)
            {
                Assert.True(
                    BitConverter.SingleToInt32Bits(expected[i]) == BitConverter.SingleToInt32Bits(actual[i])
                        || (float.IsNaN(expected[i]) && float.IsNaN(actual[i])),
                    $"{name}, {blocks} blocks, element {i}: {actual[i]:R}, not {expected[i]:R}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryFirstByteDecodesAlike(string name)
    {
        var format = BlockFormat.Find(name);
        byte[] bytes = new byte[256 * format.Bytes];
        for (int i = 0; i < bytes.Length; i++)
        {
            // A finite scale in front, wherever there is one, and every byte at every place behind.
            bytes[i] = (byte)(format.Elements > 2 && i % format.Bytes < 4 ? 0x2B : (i / format.Bytes) + (i % format.Bytes));
        }

        float[] expected = new float[format.Elements], actual = new float[256 * format.Elements];
        int done = format.DecodeBlocks(bytes, actual);
        for (int block = 0; block < done; block++)
        {
            Assert.True(format.TryDecode(bytes.AsSpan(block * format.Bytes, format.Bytes), expected));
            Assert.Equal(expected.Select(BitConverter.SingleToInt32Bits),
                actual.Skip(block * format.Elements).Take(format.Elements).Select(BitConverter.SingleToInt32Bits));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ABlockOfSpansThatDoNotFitIsRefused(string name)
    {
        var format = BlockFormat.Find(name);
        Assert.Throws<ArgumentException>(() => format.EncodeBlocks(new float[2 * format.Elements], new byte[format.Bytes]));
        Assert.Throws<ArgumentException>(() => format.DecodeBlocks(new byte[2 * format.Bytes], new float[format.Elements]));
    }

    // Encoders that search are slow: fewer lengths of them.
    private static IEnumerable<int> Lengths(BlockFormat format) =>
        Enumerable.Range(0, 258).Where(blocks => format.Elements < 256 || blocks < 4 || blocks % 64 <= 1);

    private static float[] Values(int count, int kind, int seed)
    {
        var random = new Random((seed * 31) + kind);
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = kind switch
            {
                0 => (float)((random.NextDouble() - 0.5) * 8),
                1 => s_adversarial[random.Next(s_adversarial.Length)],
                2 => random.Next(-6, 7) * 0.25f,
                _ => BitConverter.Int32BitsToSingle((int)random.NextInt64(uint.MaxValue)),
            };
        }

        return values;
    }
}
