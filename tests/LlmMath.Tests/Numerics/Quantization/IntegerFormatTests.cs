namespace LlmMath.Tests.Numerics.Quantization;

public class IntegerFormatTests
{
    [Fact]
    public void SymmetricCodesAreSignedAndTheGreatestIsExact()
    {
        var format = new IntegerFormat(8, QuantizationScope.Row, isSymmetric: true);
        byte[] bytes = new byte[format.ByteCount(4)];
        format.Quantize([127, -63.5f, 0.5f, 1.5f], bytes);
        Assert.Equal([0, 0, 0x80, 0x3F, 127, unchecked((byte)-64), 0, 2], bytes);
    }

    [Fact]
    public void AsymmetricCodesMeetZeroExactly()
    {
        var format = new IntegerFormat(4, QuantizationScope.Tensor, isSymmetric: false);
        float[] decoded = new float[4];
        byte[] bytes = new byte[format.ByteCount(4)];
        format.Quantize([-5, 0, 10, 3], bytes);
        Assert.Equal([0, 0, 0x80, 0x3F, 5, 0x50, 0x8F], bytes);
        format.Dequantize(bytes, decoded);
        Assert.Equal([-5, 0, 10, 3], decoded);
    }

    [Theory]
    [InlineData(8, true)]
    [InlineData(8, false)]
    [InlineData(4, true)]
    [InlineData(4, false)]
    public void EveryCodeDecodesAndEncodesBack(int bits, bool symmetric)
    {
        var format = new IntegerFormat(bits, QuantizationScope.Row, symmetric);
        int least = symmetric ? 1 - (1 << (bits - 1)) : -3, count = symmetric ? (1 << bits) - 1 : 1 << bits;
        float[] values = [.. Enumerable.Range(least, count).Select(code => code * 0.25f)], decoded = new float[count];
        byte[] bytes = new byte[format.ByteCount(count)];
        format.Quantize(values, bytes);
        format.Dequantize(bytes, decoded);
        Assert.Equal(values, decoded);
    }

    [Fact]
    public void BlocksAreOfTheirSize()
    {
        var format = new IntegerFormat(4, QuantizationScope.Block, isSymmetric: true, blockElements: 32);
        Assert.Equal("int4-block32", format.Name);
        Assert.Equal(2 * 20, format.ByteCount(64));
        float[] values = [.. Enumerable.Repeat(7f, 32), .. Enumerable.Repeat(700f, 32)], decoded = new float[64];
        byte[] bytes = new byte[40];
        format.Quantize(values, bytes);
        format.Dequantize(bytes, decoded);
        Assert.Equal(values, decoded);
    }

    [Fact]
    public void TheWidestRangeDoesNotOverflow()
    {
        var format = new IntegerFormat(8, QuantizationScope.Tensor, isSymmetric: false);
        float[] values = [2e38f, -3e38f, 0], decoded = new float[3];
        byte[] bytes = new byte[format.ByteCount(3)];
        format.Quantize(values, bytes);
        format.Dequantize(bytes, decoded);
        Assert.InRange(decoded[0], 1.98e38f, 2.02e38f);
        Assert.InRange(decoded[1], -3.02e38f, -2.98e38f);
        Assert.Equal(0, decoded[2]);
        var error = Assert.Throws<ArgumentException>(() => format.Quantize([float.MaxValue, -float.MaxValue, 0], bytes));
        Assert.Contains("too large", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CodesAndZeroPointsOutOfRangeAreRefused()
    {
        Refused(new IntegerFormat(8, QuantizationScope.Row, isSymmetric: true), [0, 0, 0x80, 0x3F, 0x80, 0], 2);
        Refused(new IntegerFormat(4, QuantizationScope.Row, isSymmetric: true), [0, 0, 0x80, 0x3F, 0x81], 2);
        Refused(new IntegerFormat(4, QuantizationScope.Row, isSymmetric: false), [0, 0, 0x80, 0x3F, 16, 0], 2);
        Refused(new IntegerFormat(8, QuantizationScope.Row, isSymmetric: true), [0, 0, 0xC0, 0x7F, 1, 0], 2);

        static void Refused(IntegerFormat format, byte[] bytes, int count) =>
            Assert.Equal("bytes", Assert.Throws<ArgumentException>(() => format.Dequantize(bytes, new float[count])).ParamName);
    }

    [Fact]
    public void NumbersThatAreNotAreRefused()
    {
        var format = new IntegerFormat(8, QuantizationScope.Block, isSymmetric: true);
        float[] values = new float[300];
        values[200] = float.NaN;
        var error = Assert.Throws<ArgumentException>(() => format.Quantize(values, new byte[format.ByteCount(300)]));
        Assert.Contains("Element 200 is NaN", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new IntegerFormat(5, QuantizationScope.Row, true));
        Assert.Throws<ArgumentOutOfRangeException>(() => new IntegerFormat(4, QuantizationScope.Block, true, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new IntegerFormat(4, (QuantizationScope)9, true));
    }
}
