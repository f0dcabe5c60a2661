using LlmMath.Training;
using LlmMath.Training.Memory;

namespace LlmMath.Tests.Training;

/// <summary>Orders that hold whatever is drawn: models, methods, lengths, degrees.</summary>
public class OrderTests
{
    private static readonly TrainingMethod[] s_methods = Enum.GetValues<TrainingMethod>();

    private static readonly ModelDefinition[] s_models =
        [ModelCatalog.Llama3_2_1b, ModelCatalog.Qwen3_0_6b, ModelCatalog.Qwen3_30bA3b, ModelCatalog.Llama3_1_8b];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 120)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void OrdersHold(int seed)
    {
        (Deployment on, TrainingRun run) = Draw(new Random(seed));
        TrainingMemory memory = on.Training(run).Memory;
        long now = memory.Allocated.Bytes;

        Assert.Equal(now, memory.Parts.Sum(part => part.Size.Bytes));
        Assert.Equal(now, memory.Explain()[^1].Total);
        Assert.InRange(Allocated(on, run with { MicroBatch = run.MicroBatch * 2, GlobalBatch = 0 }), now, long.MaxValue);
        Assert.InRange(Allocated(on, run with { SequenceLength = run.SequenceLength * 2 }), now, long.MaxValue);
        if (run.Adapter is not null)
        {
            Assert.InRange(Allocated(on, run with { Adapter = LoraSpec.AllLinear(64) }), now, long.MaxValue);
        }

        Assert.Equal(now, Allocated(on with
        {
            Placement = new() { Data = on.Placement.Data, Tensor = on.Placement.Tensor, Pipeline = 1, Context = 1 },
        }, run));
        StatesFallWithSharding(on, run);
        SharedOutToNobodyIsThePlainCase(on, run);

        // States never grow with what is shared out, activations never with what is computed again.
        long states = long.MaxValue, kept = long.MaxValue;
        Deployment plainOn = on with { Weights = WeightFormat.Bf16 };
        TrainingRun plain = run with { Method = TrainingMethod.Full, Adapter = null, Rollout = null, Reference = null };
        foreach (Sharding sharding in Enum.GetValues<Sharding>())
        {
            states = AtMost(states, plainOn with { Placement = on.Placement with { Sharding = sharding } }, plain, IsState);
        }

        foreach (Recomputation recomputation in Enum.GetValues<Recomputation>())
        {
            kept = AtMost(kept, plainOn, plain with { Recomputation = recomputation }, part => part.Name == "activations");
        }
    }

    /// <summary>The memory fold, once a run is laid out.</summary>
    [Fact]
    public void TheFoldAllocatesNothing()
    {
        (Deployment on, _) = Draw(new Random(1));
        var run = new PlacedRun(on with { Weights = WeightFormat.Bf16 }, new(TrainingMethod.Ppo, 1000)
        {
            Rollout = new(new(100), new(100)),
        });
        long sum = 0;

        Assert.Equal(0, Allocation.Least(() => sum += PhasePeaks.Of(run, run.Stages[0]).Worst.Total));
    }

    // Of every method, adapters too: what one GPU of any stage holds.
    private static void StatesFallWithSharding(Deployment on, TrainingRun run)
    {
        long last = long.MaxValue;
        foreach (Sharding sharding in Enum.GetValues<Sharding>())
        {
            Deployment shared = on with { Placement = on.Placement with { Sharding = sharding } };
            long states = new PlacedRun(shared, run).Stages.Max(stage => stage.States.Total.Bytes + stage.Frozen);
            Assert.InRange(states, 1, last);
            last = states;
        }
    }

    // A replica alone shares with nobody, and replicas that share nothing are each as one alone.
    private static void SharedOutToNobodyIsThePlainCase(Deployment on, TrainingRun run)
    {
        if (run.Rollout is not null)
        {
            return;
        }

        Deployment alone = on with { Placement = new() { Tensor = on.Placement.Tensor } };
        long plain = Allocated(alone, run);
        Assert.Equal(plain, Allocated(alone with { Placement = alone.Placement with { Data = 4 } }, run));
        Assert.All(Enum.GetValues<Sharding>(), sharding => Assert.Equal(plain,
            Allocated(alone with { Placement = alone.Placement with { Sharding = sharding } }, run)));
    }

    private static bool IsState(MemoryPart part) =>
        part.Name is "trained parameters" or "gradients" || part.Name.StartsWith("optimizer", StringComparison.Ordinal);

    // Only moments at which all of the state is there are comparable: the largest of each is.
    private static long AtMost(long last, Deployment on, TrainingRun run, Func<MemoryPart, bool> of)
    {
        long sum = on.Training(run with { Attention = AttentionKernel.Eager }).Memory.Parts.Where(of)
            .Sum(part => part.Size.Bytes);
        Assert.InRange(sum, 0, last);
        return sum;
    }

    private static long Allocated(Deployment on, TrainingRun run) => on.Training(run).Memory.Allocated.Bytes;

    private static (Deployment On, TrainingRun Run) Draw(Random random)
    {
        TrainingMethod method = s_methods[random.Next(s_methods.Length)];
        bool adapts = method is TrainingMethod.Lora or TrainingMethod.QLora
            || (method >= TrainingMethod.Dpo && random.Next(2) == 0);
        bool answers = method is TrainingMethod.Ppo or TrainingMethod.Grpo;
        var on = new Deployment(s_models[random.Next(s_models.Length)], GpuCatalog.H100Sxm80Gb, TrainerCatalog.Reference,
            method == TrainingMethod.QLora ? WeightFormat.Nf4 : WeightFormat.Bf16)
        {
            Placement = new() { Data = 1 << random.Next(4), Tensor = 1 << random.Next(2) },
        };
        return (on, new(method, 1_000_000)
        {
            Adapter = adapts ? LoraSpec.AllLinear(8) : null,
            SequenceLength = 512 << random.Next(4),
            MicroBatch = 1 << random.Next(3),
            Recomputation = (Recomputation)random.Next(4),
            ExtendsContext = true,
            Rollout = answers ? new(new(100, 200, 256), new(100, 200, 256))
            {
                Mode = (RolloutMode)random.Next(4),
                Sleep = (EngineSleep)random.Next(3),
            } : null,
        });
    }
}
