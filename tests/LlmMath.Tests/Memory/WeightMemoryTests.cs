namespace LlmMath.Tests.Memory;

public class WeightMemoryTests
{
    [Theory]
    [InlineData(356_714_496, "fp32", 1_426_857_984)]
    [InlineData(356_714_496, "fp8", 356_714_496)]
    [InlineData(356_714_496, "fp4", 178_357_248)]
    [InlineData(3, "int4", 2)]
    [InlineData(0, "bf16", 0)]
    public void OnPaperBytesAreBitsRoundedUp(long parameters, string format, long bytes) =>
        Assert.Equal(bytes, WeightMemory.Of(parameters, WeightFormat.Find(format)).Bytes);

    [Fact]
    public void AMixHasNoBitsOfItsOwn() =>
        Assert.Contains("model's weight memory", Assert.Throws<EstimateException>(() =>
            WeightMemory.Of(1, WeightFormat.Q4KM)).Message);

    [Fact]
    public void TheModelsOwnCountIsUsed() =>
        Assert.Equal(1_426_857_984, ModelCatalog.Opt350m.UniformWeightMemory(WeightFormat.Fp32,
            CountingConvention.HandEstimate).Bytes);

    [Fact]
    public void TooMuchIsAnErrorNotAWrongNumber()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => WeightMemory.Of(long.MaxValue, WeightFormat.Fp32));
        Assert.Throws<ArgumentOutOfRangeException>(() => WeightMemory.Of(-1, WeightFormat.Fp32));
    }

    [Fact]
    public void SizesPrintBothUnits() => Assert.Equal("1.43 GB (1.33 GiB)", new ByteSize(1_426_857_984).ToString());
}
