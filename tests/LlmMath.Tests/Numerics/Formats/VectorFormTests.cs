using LlmMath.Numerics.Vectors;

namespace LlmMath.Tests.Numerics.Formats;

/// <summary>The loops over many blocks, compiled for every instruction set of this processor, give the bits of the scalar
/// definition, at every number of blocks from 0 to 257 for one kind of values and of bytes; for the others at those where loops
/// and what is left of them meet, of up to 64 blocks at once.</summary>
public class VectorFormTests
{
    private const int Blocks = 257;

    private static readonly float[] s_adversarial =
    [
        0, -0f, float.Epsilon, -float.Epsilon, 1.17549435e-38f, 1e-40f, 6e-8f, 2.98e-8f, 0.25f, -0.75f, 1.25f, 1.75f, 2.5f, -2.5f,
        3.5f, 5, 6, 7, 1, -1, 127, -127,
        0.5f, 8.5f, 448, 464, 65504, -65504, 57344, 1 / 3f, -1e-5f, 4.1723e-7f,
    ];

    private static readonly int[] s_few =
        [.. Enumerable.Range(0, 20), 31, 32, 33, 63, 64, 65, 127, 128, 129, 201, 255, 256, Blocks];

    public static TheoryData<string> Names => BlockFormat.Names;

    [Fact]
    public void EveryInstructionSetOfThisProcessorIsAPath() => Assert.Equal(
        ["public", .. Avx512Lanes.IsSupported ? ["Avx512Lanes"] : Array.Empty<string>(),
            .. Avx2Lanes.IsSupported ? ["Avx2Lanes"] : Array.Empty<string>(), "PortableLanes"],
        BlockFormat.Find("q4_0").Paths.Select(path => path.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void EncodingIsTheScalarDefinitions(string name)
    {
        var format = BlockFormat.Find(name);
        foreach (Kind kind in Enum.GetValues<Kind>())
        {
            float[] values = Values(format, kind);
            byte[] expected = new byte[Blocks * format.Bytes];
            int done = 0;
            while (done < Blocks && format.TryEncode(
                values.AsSpan(done * format.Elements, format.Elements), expected.AsSpan(done * format.Bytes, format.Bytes)))
            {
                done++;
            }

            foreach (BlockFormat.Path path in format.Paths)
            {
                foreach (int blocks in Lengths(format, kind))
                {
                    byte[] actual = new byte[blocks * format.Bytes];
                    int right = Math.Min(done, blocks);
                    string where = $"{name}, {path.Name}, {kind}, {blocks} blocks";
                    Assert.True(right == path.Encode(values.AsSpan(0, blocks * format.Elements), actual), where);
                    Assert.True(
                        expected.AsSpan(0, right * format.Bytes).SequenceEqual(actual.AsSpan(0, right * format.Bytes)), where);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void DecodingIsTheScalarDefinitions(string name)
    {
        var format = BlockFormat.Find(name);
        for (int bad = -1; bad < Blocks; bad += 43)
        {
            byte[] bytes = Bits(format, bad);
            float[] expected = new float[Blocks * format.Elements];
            int done = 0;
            while (done < Blocks && format.TryDecode(
                bytes.AsSpan(done * format.Bytes, format.Bytes), expected.AsSpan(done * format.Elements, format.Elements)))
            {
                done++;
            }

            foreach (BlockFormat.Path path in format.Paths)
            {
                foreach (int blocks in bad < 0 ? Enumerable.Range(0, Blocks + 1) : s_few.Append(bad).Append(bad + 1))
                {
                    float[] actual = new float[blocks * format.Elements];
                    int right = Math.Min(done, blocks);
                    string where = $"{name}, {path.Name}, {blocks} blocks, first bad {bad}";
                    Assert.True(right == path.Decode(bytes.AsSpan(0, blocks * format.Bytes), actual), where);
                    AssertSameValues(expected.AsSpan(0, right * format.Elements), actual, where);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryByteAtEveryPlaceDecodesAlike(string name)
    {
        var format = BlockFormat.Find(name);
        byte[] bytes = new byte[256 * format.Bytes];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)((i / format.Bytes) + (i % format.Bytes));
        }

        for (int block = 0; block < 256; block++)
        {
            Span<byte> one = bytes.AsSpan(block * format.Bytes, format.Bytes);
            MakeValid(format, one);
            float[] expected = new float[format.Elements], actual = new float[format.Elements];
            Assert.True(format.TryDecode(one, expected), $"{name}, {block}");
            foreach (BlockFormat.Path path in format.Paths)
            {
                Assert.Equal(1, path.Decode(one, actual));
                AssertSameValues(expected, actual, $"{name}, {path.Name}, first byte {block}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ABlockOfSpansThatDoNotFitIsRefused(string name)
    {
        var format = BlockFormat.Find(name);
        foreach (BlockFormat.Path path in format.Paths)
        {
            Assert.Throws<ArgumentException>(() => path.Encode(new float[2 * format.Elements], new byte[format.Bytes]));
            Assert.Throws<ArgumentException>(() => path.Decode(new byte[2 * format.Bytes], new float[format.Elements]));
        }
    }

    // Encoders of large blocks search, which is slow, and work on one block at a time.
    private static IEnumerable<int> Lengths(BlockFormat format, Kind kind) => (kind == Kind.Uniform, format.Elements < 256) switch
    {
        (true, true) => Enumerable.Range(0, Blocks + 1),
        (false, false) => [3, Blocks],
        _ => s_few,
    };

    private static void AssertSameValues(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string where)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            bool same = BitConverter.SingleToInt32Bits(expected[i]) == BitConverter.SingleToInt32Bits(actual[i])
                || (float.IsNaN(expected[i]) && float.IsNaN(actual[i]));
            if (!same)
            {
                Assert.Fail($"{where}, element {i}: {actual[i]:R}, not {expected[i]:R}");
            }
        }
    }

    // Random bits in blocks that are valid, but for one.
    private static byte[] Bits(BlockFormat format, int bad)
    {
        byte[] bytes = new byte[Blocks * format.Bytes];
        new Random(bad).NextBytes(bytes);
        for (int block = 0; block < Blocks; block++)
        {
            Span<byte> one = bytes.AsSpan(block * format.Bytes, format.Bytes);
            if (block != bad)
            {
                MakeValid(format, one);
            }
            else if (format.Elements > 2)
            {
                one.Fill(0xFF);
            }
        }

        return bytes;
    }

    // Takes a bit out of each byte in turn until the scales are finite: only a block whose scales are not is invalid.
    private static void MakeValid(BlockFormat format, Span<byte> block)
    {
        float[] decoded = new float[format.Elements];
        byte[] original = block.ToArray();
        for (int i = 0; !format.TryDecode(block, decoded); i++)
        {
            original.CopyTo(block);
            if (i < block.Length - 3)
            {
                foreach (ref byte b in block.Slice(i, 4))
                {
                    b &= 0x3F;
                }
            }
            else
            {
                block[..4].Clear();
                block[^4..].Clear();
                Assert.True(format.TryDecode(block, decoded));
            }
        }
    }

    private static float[] Values(BlockFormat format, Kind kind)
    {
        var random = new Random((int)kind);
        float[] values = new float[Blocks * format.Elements];
        for (int i = 0; i < values.Length; i++)
        {
            int block = i / format.Elements, scale = (block % 61) - 50;
            values[i] = kind switch
            {
                Kind.Uniform => (float)((random.NextDouble() - 0.5) * 8),
                Kind.Adversarial => s_adversarial[random.Next(s_adversarial.Length)],
                Kind.Grid => random.Next(-6, 7) * 0.25f,
                Kind.Bits => BitConverter.Int32BitsToSingle((int)random.NextInt64(uint.MaxValue)),
                Kind.BitsInReach =>
                    MathF.ScaleB(1 + (float)random.NextDouble(), random.Next(-40, 12)) * (random.Next(2) == 0 ? 1 : -1),
                Kind.Scaled => MathF.ScaleB((float)random.NextDouble() - 0.5f, scale),
                Kind.Constant => MathF.ScaleB(block % 2 == 0 ? 1.7f : -1.7f, scale),
                Kind.OneHot =>
                    i % format.Elements == block % format.Elements ? MathF.ScaleB(block % 2 == 0 ? 1.7f : -1.7f, scale) : 0,
                Kind.Zeros => random.Next(2) == 0 ? 0f : -0f,
                _ => i == 200 * format.Elements ? float.NaN : (float)random.NextDouble(),
            };
        }

        return values;
    }

    private enum Kind
    {
        Uniform, Adversarial, Grid, Bits, BitsInReach, Scaled, Constant, OneHot, Zeros, OneBad,
    }
}
