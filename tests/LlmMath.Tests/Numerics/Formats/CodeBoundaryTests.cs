namespace LlmMath.Tests.Numerics.Formats;

/// <summary>Every boundary between two codes of every format of 8 bits or fewer whose encoder is a formula: the number half way
/// goes where the format says, its neighbours to either side; on every path. Where a formula adds ½ or more before it cuts off,
/// floats next to the middle are rounded to it: there the neighbours are 2⁻¹⁸ away.</summary>
public class CodeBoundaryTests
{
    private static readonly float[] s_e2m1 = [0, 0.5f, 1, 1.5f, 2, 3, 4, 6];

    [Fact]
    public void Nf4TiesGoToTheLowerCode()
    {
        for (int code = 0; code < 15; code++)
        {
            float middle = (Nf4.Values[code] + Nf4.Values[code + 1]) / 2;
            Check("nf4", 1, middle, Nf4.Values[code], Nf4.Values[code + 1], tie: Nf4.Values[code]);
        }
    }

    [Fact]
    public void MxFp4TiesGoToTheSmallerMagnitudeUnderEveryScale()
    {
        for (int exponent = -127; exponent <= 125; exponent++)
        {
            float scale = MathF.ScaleB(1, exponent);
            for (int code = 0; code < 7; code++)
            {
                CheckBothSigns("mxfp4", 4 * scale, scale, s_e2m1[code], s_e2m1[code + 1]);
            }
        }
    }

    [Fact]
    public void NvFp4TiesGoToTheSmallerMagnitudeUnderEveryScale()
    {
        for (byte bits = 1; bits < 0x7F; bits++)
        {
            float scale = Fp8E4M3.ToSingle(bits);
            for (int code = 0; code < 7; code++)
            {
                CheckBothSigns("nvfp4", 6 * scale, scale, s_e2m1[code], s_e2m1[code + 1]);
            }
        }
    }

    [Fact]
    public void Q8_0TiesGoAwayFromZero()
    {
        for (int code = -127; code < 127; code++)
        {
            Check("q8_0", 127, code + 0.5f, code, code + 1, tie: code < 0 ? code : code + 1);
        }
    }

    [Theory]
    [InlineData("q4_0", 8)]
    [InlineData("q5_0", 16)]
    public void TiesGoUp(string name, int offset)
    {
        for (int code = -offset; code < offset - 1; code++)
        {
            Check(name, -offset, code + 0.5f, code, code + 1, tie: code + 1, step: MathF.ScaleB(1, -18));
        }
    }

    [Theory]
    [InlineData("q4_1", 15)]
    [InlineData("q5_1", 31)]
    public void TiesGoUpFromTheMinimum(string name, int greatest)
    {
        for (int code = 0; code < greatest; code++)
        {
            var format = BlockFormat.Find(name);
            foreach ((float value, int expected) in Around(code + 0.5f, code, code + 1, code + 1, MathF.ScaleB(1, -18)))
            {
                // The difference to a minimum of 0 is the number itself.
                float[] values = new float[format.Elements];
                (values[0], values[17]) = (greatest, value);
                Assert.Equal(expected, RoundTrip(format, values)[17]);
            }
        }
    }

    [Theory]
    [InlineData("int8-block", 127)]
    [InlineData("int4-block", 7)]
    public void IntegersTiesGoToEven(string name, int greatest)
    {
        NumberFormat format = NumberFormats.Find(name);
        byte[] bytes = new byte[format.ByteCount(64)];
        for (int code = -greatest; code < greatest; code++)
        {
            foreach ((float value, int expected) in Around(code + 0.5f, code, code + 1, code % 2 == 0 ? code : code + 1))
            {
                float[] values = new float[64];
                (values[0], values[17], values[63]) = (greatest, value, value);
                format.Quantize(values, bytes);
                format.Dequantize(bytes, values);
                Assert.Equal((expected, expected), (values[17], values[63]));
            }
        }
    }

    // fp16, bf16, e4m3, e5m2, fp4: all numbers half way and beside, in one span, against the scalar definition.
    [Theory]
    [InlineData("fp16", 16)]
    [InlineData("bf16", 16)]
    [InlineData("e4m3", 8)]
    [InlineData("e5m2", 8)]
    [InlineData("fp4", 4)]
    public void SmallFloatsAreTheScalarDefinitionsAtEveryBoundary(string name, int bits)
    {
        var format = BlockFormat.Find(name);
        float[] numbers = [.. Enumerable.Range(0, 1 << bits).Select(Decode).Where(float.IsFinite).Order()];
        float[] values = [.. numbers.Zip(numbers.Skip(1), (a, b) => (float)(((double)a + b) / 2))
            .SelectMany(middle => new[] { MathF.BitDecrement(middle), middle, MathF.BitIncrement(middle) })
            .Concat([float.MaxValue, float.PositiveInfinity, -float.MaxValue, float.NegativeInfinity, -0f, 0])];
        byte[] expected = new byte[values.Length / format.Elements * format.Bytes], actual = new byte[expected.Length];
        values = values[..(values.Length / format.Elements * format.Elements)];
        for (int i = 0; i < values.Length / format.Elements; i++)
        {
            Assert.True(format.TryEncode(values.AsSpan(i * format.Elements, format.Elements), expected.AsSpan(i * format.Bytes)));
        }

        foreach (BlockFormat.Path path in format.Paths)
        {
            path.Encode(values, actual);
            Assert.True(expected.AsSpan().SequenceEqual(actual), $"{name}, {path.Name}");
        }

        float Decode(int code)
        {
            float[] decoded = new float[format.Elements];
            Assert.True(format.TryDecode([(byte)code, (byte)(code >> 8)], decoded));
            return decoded[0];
        }
    }

    private static void CheckBothSigns(string name, float greatest, float scale, float low, float high)
    {
        float middle = (low + high) / 2 * scale;
        Check(name, greatest, middle, low * scale, high * scale, tie: low * scale);
        Check(name, greatest, -middle, -high * scale, -low * scale, tie: -low * scale);
    }

    // A block whose scale the first value decides; the number in question at two places of it.
    private static void Check(string name, float first, float middle, float low, float high, float tie, float? step = null)
    {
        var format = BlockFormat.Find(name);
        foreach ((float value, float expected) in Around(middle, low, high, tie, step))
        {
            float[] values = new float[format.Elements];
            (values[0], values[5], values[^1]) = (first, value, name == "nvfp4" ? 0 : value);
            float[] decoded = RoundTrip(format, values);
            Assert.True(expected == decoded[5] && (name == "nvfp4" || expected == decoded[^1]),
                $"{name}, first {first:R}: {value:R} became {decoded[5]:R} and {decoded[^1]:R}, not {expected:R}");
        }
    }

    private static (float Value, T Expected)[] Around<T>(float middle, T low, T high, T tie, float? step = null) =>
    [
        (step is { } down ? middle - down : MathF.BitDecrement(middle), low), (middle, tie),
        (step is { } up ? middle + up : MathF.BitIncrement(middle), high),
    ];

    // Every path gives the same bytes.
    private static float[] RoundTrip(BlockFormat format, float[] values)
    {
        byte[] block = new byte[format.Bytes], other = new byte[format.Bytes];
        float[] decoded = new float[format.Elements];
        Assert.True(format.TryEncode(values, block));
        foreach (BlockFormat.Path path in format.Paths)
        {
            Assert.Equal(1, path.Encode(values, other));
            Assert.Equal(block, other);
        }

        Assert.True(format.TryDecode(block, decoded));
        return decoded;
    }
}
