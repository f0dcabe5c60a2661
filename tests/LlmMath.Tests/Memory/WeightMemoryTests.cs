namespace LlmMath.Tests.Memory;

public class WeightMemoryTests
{
    [Theory]
    [InlineData(356_714_496, 32, 1_426_857_984)]
    [InlineData(356_714_496, 8, 356_714_496)]
    [InlineData(356_714_496, 4, 178_357_248)]
    [InlineData(3, 4, 2)]
    [InlineData(0, 16, 0)]
    public void BytesAreBitsRoundedUp(long parameters, int bits, long bytes) =>
        Assert.Equal(bytes, WeightMemory.Of(parameters, new WeightFormat("any", bits)).Bytes);

    [Fact]
    public void TheModelsOwnCountIsUsed() =>
        Assert.Equal(1_426_857_984, ModelCatalog.Opt350m.UniformWeightMemory(WeightFormat.Fp32, CountingConvention.HandEstimate).Bytes);

    [Fact]
    public void TooMuchIsAnErrorNotAWrongNumber()
    {
        Assert.Throws<OverflowException>(() => WeightMemory.Of(long.MaxValue, WeightFormat.Fp32));
        Assert.Throws<ArgumentOutOfRangeException>(() => WeightMemory.Of(-1, WeightFormat.Fp32));
    }

    [Fact]
    public void SizesPrintBothUnits() => Assert.Equal("1.43 GB (1.33 GiB)", new ByteSize(1_426_857_984).ToString());
}
