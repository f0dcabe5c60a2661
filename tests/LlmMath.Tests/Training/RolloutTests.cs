using LlmMath.Training;

namespace LlmMath.Tests.Training;

/// <summary>How long answers take to be written.</summary>
public class RolloutTests
{
    private static readonly Deployment s_on = new(
        ModelCatalog.Llama3_1_8b, GpuCatalog.H100Sxm80Gb, TrainerCatalog.Torchtitan, WeightFormat.Bf16)
    {
        Placement = new() { Data = 8, Sharding = Sharding.Zero3 },
    };

    /// <summary>A limit that no answer reaches takes no time.</summary>
    [Theory]
    [InlineData(16_000)]
    [InlineData(64_000)]
    public void ALimitFarAboveAnswersChangesLittle(long limit) =>
        Assert.Equal(1, Written(new(300, 640, limit)) / Written(new(300, 640, 4000)), 0.02);

    [Fact]
    public void LongerAnswersTakeLonger() => Assert.True(Written(new(600, 1280, 4000)) > 1.5 * Written(new(300, 640, 4000)));

    /// <summary>A deployment is asked again with another engine or share: no answer of before is given.</summary>
    [Fact]
    public void AnotherWriterIsAnotherTime()
    {
        TokenLengths answers = new(300, 640, 4000);
        double before = Written(answers);
        Deployment slow = new(ModelCatalog.Llama3_1_70b, GpuCatalog.H100Sxm80Gb, EngineCatalog.Vllm, WeightFormat.Bf16)
        {
            Placement = new() { Tensor = 4, Data = 2 },
        };

        Assert.True(Written(answers, slow) > before);
        Assert.Equal(before, Written(answers));
    }

    private static double Written(TokenLengths answers, Deployment? by = null)
    {
        var rollout = new Rollout(new(200, 400, 512), answers) { By = by };
        return s_on.Training(new(TrainingMethod.Grpo, 1_000_000)
        {
            SequenceLength = rollout.Longest, Rollout = rollout,
        }).Speed!.Phases.First(phase => phase.Name == "rollout").Milliseconds;
    }
}
