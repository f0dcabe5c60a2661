using LlmMath.Training;

namespace LlmMath.Tests.Training;

public class RunTests
{
    private static readonly Deployment s_on = new(ModelCatalog.Llama3_1_8b, GpuCatalog.A100Sxm80Gb, TrainerCatalog.Megatron,
        WeightFormat.Bf16);

    private static readonly TrainingRun s_run = new(TrainingMethod.Full, 1_000_000) { SequenceLength = 4096, MicroBatch = 2 };

    public static TheoryData<Deployment, TrainingRun, string> Wrong => new()
    {
        { s_on, s_run with { Tokens = 0 }, "Tokens" },
        { s_on, s_run with { MicroBatch = 0 }, "MicroBatch" },
        { s_on, s_run with { SequenceLength = -1 }, "SequenceLength" },
        { s_on, s_run with { SequenceLength = 1 << 20 }, "SequenceLength" },
        { s_on, s_run with { GlobalBatch = 3 }, "GlobalBatch" },
        { s_on, s_run with { Interleaving = 2 }, "Interleaving" },
        { s_on, s_run with { Recipe = StateRecipe.Fp8 }, "Recipe" },
        { s_on, s_run with { Method = TrainingMethod.Lora }, "Adapter" },
        { s_on, s_run with { Adapter = LoraSpec.AllLinear(8) }, "Adapter" },
        { s_on, s_run with { Method = TrainingMethod.QLora, Adapter = LoraSpec.AllLinear(8) }, "Weights" },
        {
            s_on with { Weights = WeightFormat.Q4KM },
            s_run with { Method = TrainingMethod.QLora, Adapter = LoraSpec.AllLinear(8) }, "Weights"
        },
        { s_on with { Weights = WeightFormat.Nf4 }, s_run, "Weights" },
        { s_on with { Placement = new() { Context = 3 } }, s_run, "Placement.Context" },
        { s_on with { Placement = new() { Pipeline = 2, Data = 2, Sharding = Sharding.Zero2 } }, s_run, "Placement.Sharding" },
        { s_on with { Engine = EngineCatalog.Vllm }, s_run, "Engine" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void WhatCannotBeIsNamed(Deployment on, TrainingRun run, string field) =>
        Assert.Equal(field, Assert.Throws<EstimateException>(() => on.Training(run)).Field);

    [Fact]
    public void MoreShardingNeverTakesMore()
    {
        Deployment on = s_on with { Engine = TrainerCatalog.Reference, Placement = new() { Data = 8 } };
        long last = long.MaxValue;
        foreach (Sharding sharding in Enum.GetValues<Sharding>())
        {
            long states = (on with { Placement = on.Placement with { Sharding = sharding } }).Training(s_run).Memory.Parts
                .Where(part => part.Name is "trained parameters" or "gradients" || part.Name.StartsWith("optimizer"))
                .Sum(part => part.Size.Bytes);
            Assert.InRange(states, 1, last);
            last = states;
        }
    }

    [Fact]
    public void MoreRecomputationNeverKeepsMore()
    {
        long last = long.MaxValue;
        foreach (Recomputation kind in Enum.GetValues<Recomputation>())
        {
            long kept = Part(s_run with { Recomputation = kind, Attention = AttentionKernel.Eager }, "activations");
            Assert.InRange(kept, 0, last);
            last = kept;
        }
    }

    [Fact]
    public void MoreOfAnythingNeverTakesLess()
    {
        Assert.True(Allocated(s_run with { MicroBatch = 4 }) >= Allocated(s_run));
        Assert.True(Allocated(s_run with { SequenceLength = 8192 }) >= Allocated(s_run));
        Assert.True(Allocated(Adapted(32)) >= Allocated(Adapted(8)));
        Assert.True(Allocated(s_run with { Offload = Offload.Optimizer }) <= Allocated(s_run));

        static TrainingRun Adapted(int rank) => s_run with { Method = TrainingMethod.Lora, Adapter = LoraSpec.AllLinear(rank) };
    }

    [Fact]
    public void OneOfEachDegreeIsThePlainCase()
    {
        Deployment one = s_on with { Placement = new() { Tensor = 1, Pipeline = 1, Context = 1, Data = 1 } };

        Assert.Equal(Allocated(s_run), one.Training(s_run).Memory.Allocated.Bytes);
        Assert.Equal(Allocated(s_run),
            (s_on with { Placement = new() { Data = 4 } }).Training(s_run).Memory.Allocated.Bytes);
    }

    private static long Allocated(TrainingRun run) => s_on.Training(run).Memory.Allocated.Bytes;

    private static long Part(TrainingRun run, string name) => s_on.Training(run).Memory.Parts
        .Where(part => part.Name == name).Sum(part => part.Size.Bytes);
}
