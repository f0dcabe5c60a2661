namespace LlmMath.Tests.Speed;

public class GenerationTimeTests
{
    [Fact]
    public void Opt350mWithoutACacheTakes76Point7Seconds() =>
        Assert.Equal(76.7, GenerationTime.FullRecompute(356_714_496, 2048, 2048, 19.5e12).TotalSeconds, 0.05);

    [Fact]
    public void TwoOperationsTakeTwiceAsLong() =>
        Assert.Equal(2 * GenerationTime.FullRecompute(1_000_000, 100, 100, 1e9).TotalSeconds,
            GenerationTime.FullRecompute(1_000_000, 100, 100, 1e9, operationsPerParameter: 2).TotalSeconds, 1e-6);

    [Theory]
    [InlineData(0, 1, 1, 1.0)]
    [InlineData(1, 0, 1, 1.0)]
    [InlineData(1, 1, 0, 1.0)]
    [InlineData(1, 1, 1, 0.0)]
    [InlineData(1, 1, 1, double.NaN)]
    public void ArgumentsOutOfRangeAreNamed(long parameters, int context, int outputs, double rate) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => GenerationTime.FullRecompute(parameters, context, outputs, rate));
}
