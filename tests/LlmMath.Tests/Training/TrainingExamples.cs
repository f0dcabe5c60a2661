using LlmMath.Training;

namespace LlmMath.Tests.Training;

/// <summary>One of each thing that training answers.</summary>
internal static class TrainingExamples
{
    public static IEnumerable<object> All()
    {
        TrainingEstimate e = new Deployment(ModelCatalog.Llama3_1_8b, GpuCatalog.H100Sxm80Gb, TrainerCatalog.Torchtitan,
            WeightFormat.Bf16)
        {
            Placement = new() { Data = 8, Sharding = Sharding.Zero3 },
        }.Training(new(TrainingMethod.Full, 1_000_000_000) { SequenceLength = 8192 });
        var rollout = new Rollout(new(200.5), new(800.25, 2000, 3072)) { Prompts = 8 };
        TrainingEstimate answers = (e.Deployment with { Placement = new() { Data = 8 } })
            .Training(new(TrainingMethod.Grpo, 1_000_000) { Rollout = rollout });
        return [answers, rollout, rollout.Prompt, e, e.Savings(), e.Memory.Explain(), TrainerCatalog.All,
            LlmMath.Engines.TrainingConstant.All,
            new StepPhase("a", 0.5), e.Speed ?? (object)"no speed"];
    }
}
