using LlmMath.Training;

namespace LlmMath.Tests.Training;

/// <summary>Preference and reinforcement learning: what is held beside, and when.</summary>
public class MethodTests
{
    private static readonly Deployment s_on = new(ModelCatalog.Llama3_1_8b, GpuCatalog.H100Sxm80Gb, TrainerCatalog.Reference,
        WeightFormat.Bf16);

    private static readonly TrainingRun s_run = new(TrainingMethod.Full, 1_000_000) { SequenceLength = 1024, MicroBatch = 2 };

    private static readonly Rollout s_rollout = new(new(200, 400, 512), new(400, 900, 1024));

    /// <summary>A pair is two sequences in one pass.</summary>
    [Fact]
    public void PairsAreTwoSequences() => Assert.Equal(
        Allocated(s_run with { MicroBatch = 4 }), Allocated(s_run with { Method = TrainingMethod.SimPo }));

    /// <summary>Weights in 16 bits, once more.</summary>
    [Fact]
    public void AKeptReferenceIsAWholeCopy()
    {
        TrainingMemory dpo = (s_on with { Engine = TrainerCatalog.Reference }).Training(
            s_run with { Method = TrainingMethod.Dpo }).Memory;

        Assert.Equal(2 * ModelCatalog.Llama3_1_8b.ParameterCount(), Part(dpo, "reference model"));
        Assert.Equal(0, Part(s_on.Training(Adapted(TrainingMethod.Dpo)).Memory, "reference model"));
        Assert.Equal(0, Part(s_on.Training(s_run with
        {
            Method = TrainingMethod.Dpo, Reference = ReferenceModel.Precomputed,
        }).Memory, "reference model"));
    }

    /// <summary>With an adapter off, or results from before, less is held than with a copy.</summary>
    [Theory]
    [InlineData(TrainingMethod.Dpo)]
    [InlineData(TrainingMethod.Ipo)]
    [InlineData(TrainingMethod.Kto)]
    public void ReferencesAreInOrder(TrainingMethod method)
    {
        long kept = Allocated(Adapted(method) with { Reference = ReferenceModel.Kept });
        long off = Allocated(Adapted(method));
        long before = Allocated(Adapted(method) with { Reference = ReferenceModel.Precomputed });

        Assert.Equal(2 * ModelCatalog.Llama3_1_8b.ParameterCount(), kept - off);
        Assert.InRange(before, 1, off);
    }

    /// <summary>A reward model has one row in place of the vocabulary's.</summary>
    [Fact]
    public void ARewardModelHasNoVocabulary()
    {
        TrainingEstimate reward = s_on.Training(s_run with { Method = TrainingMethod.Reward });

        Assert.Equal(ModelCatalog.Llama3_1_8b.ParameterCount() - (128_256L * 4096) + 4096, reward.TrainableParameters);
        Assert.Equal(41_943_040 + 4096, s_on.Training(Adapted(TrainingMethod.Reward)).TrainableParameters);
        Assert.InRange(reward.Memory.Allocated.Bytes, 1, Allocated(s_run with { Method = TrainingMethod.SimPo }));
    }

    /// <summary>PPO holds two models that are trained and two that are not.</summary>
    [Fact]
    public void PpoHoldsFourModels()
    {
        TrainingMemory ppo = s_on.Training(Reinforced(TrainingMethod.Ppo)).Memory;
        ValueList<MemoryPart> phases = ppo.Phases;
        long policy = 16 * ModelCatalog.Llama3_1_8b.ParameterCount();

        string[] names = ["rollout", "policy log-probabilities", "reference log-probabilities", "scores and values", "update",
            "critic update"];
        Assert.Equal(names, phases.Select(phase => phase.Name));
        Assert.All(phases, phase => Assert.InRange(phase.Size.Bytes, policy, ppo.Allocated.Bytes));
        Assert.Equal(ppo.Allocated.Bytes, phases.Max(phase => phase.Size.Bytes));
        Assert.Equal(ppo.Allocated.Bytes, ppo.Parts.Sum(part => part.Size.Bytes));
        Assert.Equal(ppo.Allocated.Bytes, ppo.Explain()[^1].Total);
        Assert.True(ppo.Allocated > s_on.Training(Reinforced(TrainingMethod.Grpo)).Memory.Allocated);
    }

    /// <summary>What an engine gives back is not there while GPUs train; on GPUs of its own it never is.</summary>
    [Fact]
    public void AnEngineThatSleepsTakesLess()
    {
        long Update(EngineSleep sleep, RolloutMode mode = RolloutMode.Colocated) => s_on.Training(
            Reinforced(TrainingMethod.Grpo) with { Rollout = s_rollout with { Sleep = sleep, Mode = mode } }).Memory.Phases
            .Single(phase => phase.Name == "update").Size.Bytes;

        Assert.True(Update(EngineSleep.Awake) > Update(EngineSleep.CacheReleased));
        Assert.True(Update(EngineSleep.CacheReleased) > Update(EngineSleep.Released));
        Assert.True(Update(EngineSleep.Released) > Update(EngineSleep.Awake, RolloutMode.Apart));
    }

    public static TheoryData<TrainingRun, string> Wrong => new()
    {
        { s_run with { Method = TrainingMethod.Ppo }, "Rollout" },
        { s_run with { Rollout = s_rollout }, "Rollout" },
        { s_run with { Epochs = 0 }, "Epochs" },
        { Reinforced(TrainingMethod.Grpo) with { Rollout = s_rollout with { Group = 1 } }, "Rollout.Group" },
        { Reinforced(TrainingMethod.Grpo) with { Rollout = s_rollout with { Prompts = 0 } }, "Rollout.Prompts" },
        { Reinforced(TrainingMethod.Grpo) with { Rollout = s_rollout with { Epochs = -1 } }, "Rollout.Epochs" },
        { Reinforced(TrainingMethod.Grpo) with { Rollout = s_rollout with { EngineShare = double.NaN } }, "Rollout.EngineShare" },
        { Reinforced(TrainingMethod.Grpo) with { Rollout = s_rollout with { RewardSeconds = -1 } }, "Rollout.RewardSeconds" },
        { Reinforced(TrainingMethod.Grpo) with { Rollout = s_rollout with { By = s_on with { Placement = new() { Data = 2 } } } },
            "Rollout.By" },
        { Reinforced(TrainingMethod.Grpo) with { SequenceLength = 1000 }, "SequenceLength" },
        { Reinforced(TrainingMethod.Grpo) with { GlobalBatch = 100_000 }, "GlobalBatch" },
        { Reinforced(TrainingMethod.Grpo) with { Reference = ReferenceModel.Precomputed }, "Reference" },
        { s_run with { Method = TrainingMethod.Dpo, Reference = ReferenceModel.AdapterOff }, "Reference" },
        { s_run with { Method = TrainingMethod.Orpo, Reference = ReferenceModel.Kept }, "Reference" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void WhatCannotBeIsNamed(TrainingRun run, string field) =>
        Assert.Equal(field, Assert.Throws<EstimateException>(() => s_on.Training(run)).Field);

    private static TrainingRun Adapted(TrainingMethod method) => s_run with { Method = method, Adapter = LoraSpec.AllLinear(16) };

    private static TrainingRun Reinforced(TrainingMethod method) =>
        new(method, 1_000_000) { MicroBatch = 2, Rollout = s_rollout };

    private static long Allocated(TrainingRun run) => s_on.Training(run).Memory.Allocated.Bytes;

    private static long Part(TrainingMemory memory, string name) =>
        memory.Parts.Where(part => part.Name == name).Sum(part => part.Size.Bytes);
}
