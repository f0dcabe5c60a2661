using LlmMath.Training;

namespace LlmMath.Tests.Training;

public class PlacementTests
{
    [Fact]
    public void InferenceRefusesWhatOnlyTrainingHas()
    {
        var one = new Deployment(ModelCatalog.Llama3_8b, WeightFormat.Bf16);

        Assert.StartsWith("Parallelism.Context: 1 is right for inference", Assert.Throws<EstimateException>(
            () => (one with { Placement = new() { Context = 2 } }).Memory(new(16, 0))).Message);
        Assert.StartsWith("Parallelism.Sharding: None", Assert.Throws<EstimateException>(
            () => (one with { Placement = new() { Data = 2, Sharding = Sharding.Zero3 } }).Memory(new(16, 0))).Message);
    }

    [Fact]
    public void ItSaysWhatItIs()
    {
        Assert.Equal("TP 2, CP 2, DP 4, ZeRO 3",
            new Parallelism { Tensor = 2, Context = 2, Data = 4, Sharding = Sharding.Zero3 }.ToString());
        Assert.Equal(16, new Parallelism { Tensor = 2, Context = 2, Data = 4 }.Gpus);
    }
}
