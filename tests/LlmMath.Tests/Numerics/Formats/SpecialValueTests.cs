namespace LlmMath.Tests.Numerics.Formats;

/// <summary>Zeros, constants, tiny, huge and non-finite values, as each format's documentation says.</summary>
public class SpecialValueTests
{
    public static TheoryData<string> Names => BlockFormat.Names;

    public static TheoryData<string> NamesWithScales => BlockFormat.NamesWithScales;

    [Theory]
    [MemberData(nameof(Names))]
    public void ZerosStayZeros(string name)
    {
        var format = BlockFormat.Find(name);
        Assert.All(RoundTrip(format, new float[format.Elements]), value => Assert.Equal(0, value));
        Assert.All(RoundTrip(format, [.. Enumerable.Repeat(-0f, format.Elements)]), value => Assert.Equal(0, value));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TinyValuesDoNotGrow(string name)
    {
        var format = BlockFormat.Find(name);
        foreach (float tiny in new[] { float.Epsilon, 1e-40f, 1.2e-38f, 1e-30f, 1e-12f })
        {
            Assert.All(RoundTrip(format, [.. Enumerable.Range(0, format.Elements).Select(i => i % 2 == 0 ? tiny : -tiny)]),
                value => Assert.InRange(MathF.Abs(value), 0, 1.34f * tiny));
        }
    }

    [Theory]
    [InlineData("q8_0", 3f, 0.002)]
    [InlineData("q4_0", 3f, 0.002)]
    [InlineData("q4_0", -3f, 0.002)]
    [InlineData("q4_1", 3.3f, 0.001)]
    [InlineData("q5_0", -7f, 0.002)]
    [InlineData("q5_1", 1e-3f, 0.001)]
    [InlineData("q2_k", -2f, 0.002)]
    [InlineData("q2_k", 2f, 0.002)]
    [InlineData("q3_k", 2f, 0.002)]
    [InlineData("q4_k", 0.02f, 0.002)]
    [InlineData("q5_k", -0.02f, 0.002)]
    [InlineData("q6_k", 5f, 0.002)]
    [InlineData("iq4_nl", 5f, 0.002)]
    [InlineData("nf4", 0.37f, 0)]
    [InlineData("nf4", -0.37f, 0)]
    [InlineData("nvfp4", 2.9f, 0.07)]
    [InlineData("mxfp4", 3f, 0)]
    public void AConstantBlockIsMetAsCloselyAsItsScaleAllows(string name, float constant, double relative)
    {
        var format = BlockFormat.Find(name);
        Assert.All(RoundTrip(format, [.. Enumerable.Repeat(constant, format.Elements)]), value =>
            Assert.InRange(Math.Abs(value - constant), 0, Math.Abs(constant) * relative));
    }

    [Theory]
    [MemberData(nameof(NamesWithScales))]
    public void WhatHasNoFiniteScaleIsRefusedAndNamed(string name)
    {
        var format = BlockFormat.Find(name);
        float signaling = BitConverter.UInt32BitsToSingle(0x7F80_0001);
        foreach (float bad in new[] { float.NaN, -float.NaN, float.PositiveInfinity, float.NegativeInfinity, signaling })
        {
            for (int at = 0; at < 3 * format.Elements; at += 7)
            {
                float[] values = [.. Enumerable.Range(0, 3 * format.Elements).Select(i => i * 0.01f)];
                values[at] = bad;
                var error = Assert.Throws<ArgumentException>(() => format.Quantize(values, new byte[3 * format.Bytes]));
                Assert.Equal("values", error.ParamName);
                Assert.StartsWith($"Element {at} is ", error.Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("q8_0", 8.3e6f, 8.4e6f)]
    [InlineData("q4_0", 5.24e5f, 5.25e5f)]
    [InlineData("q5_0", 1.048e6f, 1.05e6f)]
    [InlineData("nvfp4", 2688, 2689)]
    public void TheGreatestScaleIsTheLimit(string name, float largest, float tooLarge)
    {
        var format = BlockFormat.Find(name);
        float[] values = new float[format.Elements];
        values[3] = largest;
        Assert.InRange(RoundTrip(format, values)[3], 0.99f * largest, 1.01f * largest);
        values[3] = tooLarge;
        Assert.False(format.TryEncode(values, new byte[format.Bytes]));
    }

    [Theory]
    [MemberData(nameof(NamesWithScales))]
    public void HugeValuesAreHeldOrRefusedButNeverGarbage(string name)
    {
        var format = BlockFormat.Find(name);
        foreach (float huge in new[] { 1e6f, 1e8f, 1e20f, float.MaxValue })
        {
            float[] values = [.. Enumerable.Range(0, format.Elements).Select(i => i % 3 == 0 ? huge : i % 3 == 1 ? -huge : 1)];
            byte[] block = new byte[format.Bytes];
            if (format.TryEncode(values, block))
            {
                float[] decoded = new float[format.Elements];
                Assert.True(format.TryDecode(block, decoded));
                Assert.All(values.Zip(decoded), pair => Assert.InRange(MathF.Abs(pair.Second - pair.First) / huge, 0, 0.5f));
            }
        }
    }

    [Fact]
    public void TheFirstOfEqualMagnitudesGivesQ4_0sSign()
    {
        float[] values = new float[32];
        (values[5], values[9]) = (2, -2);
        byte[] block = new byte[18];
        Assert.True(Q4_0.TryEncode(values, block));
        Assert.Equal(0xB400, block[0] | (block[1] << 8));
        (values[5], values[9]) = (-2, 2);
        Assert.True(Q4_0.TryEncode(values, block));
        Assert.Equal(0x3400, block[0] | (block[1] << 8));
    }

    [Theory]
    [InlineData("mxfp4", 0, 0xFF)]
    [InlineData("nvfp4", 2, 0x7F)]
    [InlineData("nvfp4", 3, 0x80)]
    [InlineData("q8_0", 1, 0x7C)]
    [InlineData("q4_0", 1, 0xFE)]
    [InlineData("q4_1", 3, 0x7C)]
    [InlineData("q4_k", 3, 0x7E)]
    [InlineData("q2_k", 81, 0xFC)]
    [InlineData("q3_k", 109, 0x7F)]
    [InlineData("q6_k", 209, 0x7C)]
    [InlineData("nf4", 3, 0x7F, 2, 0x80)]
    public void ABlockWithoutAFiniteScaleIsRefusedAndNamed(string name, int at, byte bad, int also = -1, byte too = 0)
    {
        var format = BlockFormat.Find(name);
        byte[] blocks = new byte[5 * format.Bytes];
        blocks[(3 * format.Bytes) + at] = bad;
        blocks[(3 * format.Bytes) + Math.Max(also, 0)] |= too;
        Assert.False(format.TryDecode(blocks.AsSpan(3 * format.Bytes, format.Bytes), new float[format.Elements]));
        var error = Assert.Throws<ArgumentException>(() => format.Dequantize(blocks, new float[5 * format.Elements]));
        Assert.Equal("blocks", error.ParamName);
        Assert.StartsWith("Block 3 ", error.Message, StringComparison.Ordinal);
    }

    private static float[] RoundTrip(BlockFormat format, float[] values)
    {
        byte[] block = new byte[format.Bytes];
        float[] decoded = new float[format.Elements];
        format.Quantize(values, block);
        format.Dequantize(block, decoded);
        return decoded;
    }
}
