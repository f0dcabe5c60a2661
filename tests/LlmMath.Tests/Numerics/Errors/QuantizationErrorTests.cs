namespace LlmMath.Tests.Numerics.Errors;

public class QuantizationErrorTests
{
    [Fact]
    public void MeasuresAreTheirFormulas()
    {
        var e = QuantizationError.Between([3, 4, 0], [3, 3, 1], bytes: 6);
        Assert.Equal(Math.Sqrt(2 / 3.0), e.Rmse, 12);
        Assert.Equal(10 * Math.Log10(25 / 2.0), e.SqnrDb, 12);
        Assert.Equal(1, e.MaxError);
        Assert.Equal(21 / (5 * Math.Sqrt(19)), e.Cosine, 12);
        Assert.Equal(16, e.BitsPerWeight);
    }

    [Fact]
    public void NothingLostIsExact()
    {
        var e = QuantizationError.Between([1, -2], [1, -2], bytes: 8);
        Assert.Equal((0, double.PositiveInfinity, 0, 1), (e.Rmse, e.SqnrDb, e.MaxError, e.Cosine));
        Assert.Equal((0, 0, 1),
            (default(QuantizationError).Rmse, default(QuantizationError).BitsPerWeight, default(QuantizationError).Cosine));
        Assert.Equal(0, QuantizationError.Between([1, 2], [0, 0], 1).Cosine);
    }

    [Fact]
    public void ValuesThatAreNotFiniteAreCountedAndLeftOut()
    {
        var e = QuantizationError.Between([3, float.NaN, 4, float.NegativeInfinity, 0], [3, 7, 3, 8, 1], bytes: 20);
        var finite = QuantizationError.Between([3, 4, 0], [3, 3, 1], bytes: 20);
        Assert.Equal((2, 0, 5), (e.NotFinite, e.Overflowed, e.Elements));
        Assert.Equal((finite.Rmse, finite.SqnrDb, finite.MaxError, finite.Cosine), (e.Rmse, e.SqnrDb, e.MaxError, e.Cosine));
        Assert.True(QuantizationError.Between([1, float.NaN], [1, float.NaN], 8).IsExact);
        Assert.Equal(0, QuantizationError.Between([float.NaN], [float.NaN], 4).Rmse);
        Assert.Equal(4, (e + e).NotFinite);
    }

    [Fact]
    public void AFiniteValueThatOverflowsMakesTheErrorInfinite()
    {
        var e = QuantizationError.Between([1, 1e6f, 2], [1, float.PositiveInfinity, float.NaN], bytes: 6);
        Assert.Equal((2, double.PositiveInfinity, double.NegativeInfinity, double.PositiveInfinity),
            (e.Overflowed, e.Rmse, e.SqnrDb, e.MaxError));
        Assert.True(double.IsNaN(e.Cosine));
        Assert.False(e.IsExact);
        Assert.Equal(3, (e + QuantizationError.Between([1e6f], [float.PositiveInfinity], 2)).Overflowed);
    }

    [Fact]
    public void PartsAddUpToTheWhole()
    {
        float[] x = new float[1000], y = new float[1000];
        UnitNormals.Fill(x, 1);
        UnitNormals.Fill(y, 2);
        QuantizationError whole = QuantizationError.Between(x, y, 500);
        QuantizationError parts = QuantizationError.Between(x.AsSpan(0, 300), y.AsSpan(0, 300), 200)
            + QuantizationError.Between(x.AsSpan(300), y.AsSpan(300), 300);
        Assert.Equal(whole.Rmse, parts.Rmse, 12);
        Assert.Equal(whole.Cosine, parts.Cosine, 12);
        Assert.Equal((whole.Elements, whole.Bytes, whole.MaxError), (parts.Elements, parts.Bytes, parts.MaxError));
        Assert.Throws<ArgumentException>(() => QuantizationError.Between([1], [1, 2], 1));
    }

    [Theory]
    [InlineData("q4_0")]
    [InlineData("int4-row")]
    [InlineData("nf4-dq")]
    [InlineData("fp16")]
    public void MeasuringIsQuantizingAndComparing(string name)
    {
        const int Row = 192, Rows = 700;
        NumberFormat format = NumberFormats.Find(name);
        float[] values = new float[Row * Rows], decoded = new float[values.Length];
        UnitNormals.Fill(values);
        int step = format.Scope == QuantizationScope.Row ? Row : values.Length;
        byte[] bytes = new byte[format.ByteCount(step)];
        for (int i = 0; i < values.Length; i += step)
        {
            format.Quantize(values.AsSpan(i, step), bytes);
            format.Dequantize(bytes, decoded.AsSpan(i, step));
        }

        QuantizationError expected = QuantizationError.Between(values, decoded, values.Length / step * bytes.Length);
        QuantizationError measured = QuantizationError.Measure(format, values, Row);
        Assert.Equal(expected.Rmse, measured.Rmse, 12);
        Assert.Equal((expected.Bytes, expected.MaxError), (measured.Bytes, measured.MaxError));
        Assert.Throws<ArgumentException>(() => QuantizationError.Measure(format, values, 191));
        Assert.Throws<OperationCanceledException>(() =>
            QuantizationError.Measure(format, values, Row, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void UnitNormalsAreNormalAndTheSameInPieces()
    {
        float[] whole = new float[100_000], piece = new float[1000];
        UnitNormals.Fill(whole, seed: 5);
        UnitNormals.Fill(piece, seed: 5, start: 777);
        Assert.Equal(whole[777..1777], piece);
        Assert.InRange(whole.Average(x => (double)x), -0.01, 0.01);
        Assert.InRange(whole.Average(x => (double)x * x), 0.98, 1.02);
        Assert.InRange(whole.Average(x => Math.Pow(x, 4)), 2.85, 3.15);
    }
}
