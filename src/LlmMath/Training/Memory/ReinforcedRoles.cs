using System.Runtime.CompilerServices;
using LlmMath.Placement.Weights;
using LlmMath.Training.Methods;

namespace LlmMath.Training.Memory;

/// <summary>What reinforcement learning runs beside the policy.</summary>
/// <param name="Critic">The critic as it is trained; null where there is none.</param>
/// <param name="Reward">The model that scores answers; null where a function does.</param>
/// <param name="Writer">What writes answers.</param>
/// <param name="Awake">Bytes of a training GPU that it takes while it writes; 0 on GPUs of its own.</param>
/// <param name="Asleep">Bytes of a training GPU that it takes meanwhile.</param>
internal sealed record ReinforcedRoles(PlacedRun? Critic, PlacedRun? Reward, Deployment Writer, long Awake, long Asleep)
{
    // Kept as long as the deployment that trains is; the last that was asked for.
    private static readonly ConditionalWeakTable<Deployment, Kept> s_writers = [];

    /// <summary>Finds them.</summary>
    public static ReinforcedRoles Of(PlacedRun policy)
    {
        (TrainingRun run, Rollout rollout) = (policy.Run, policy.Run.Rollout!);
        bool hasCritic = run.Method == TrainingMethod.Ppo;
        ModelDefinition own = policy.On.Model;
        Deployment writer = WriterOf(policy.On, rollout);
        (long awake, long asleep) = rollout.Mode == RolloutMode.Colocated ? Held(writer, rollout) : default;
        ModelDefinition? reward = rollout.Reward ?? (hasCritic ? own : null);
        return new(hasCritic ? PlacedRun.Scoring(policy, rollout.Critic ?? own) : null,
            reward is null ? null : PlacedRun.Scoring(policy, reward), writer, awake, asleep);
    }

    /// <summary>Bytes of the scoring model on one GPU of a stage, in 16 bits, divided by ZeRO 3.</summary>
    public long RewardBytes(PlacedRun policy, int stage)
    {
        if (Reward is null)
        {
            return 0;
        }

        Parallelism over = policy.On.Placement;
        long bytes = WeightFold.Sum(Reward.Architecture, WeightFormat.Bf16, Reward.Stages[stage].Shard);
        return over.Sharding == Sharding.Zero3 ? (bytes + over.ShardingDegree - 1) / over.ShardingDegree : bytes;
    }

    // What follows from a writer is found once where a deployment is asked about again, whatever the answers' lengths.
    private static Deployment WriterOf(Deployment on, Rollout rollout)
    {
        (Deployment? By, double? Share) of = (rollout.By, rollout.Mode == RolloutMode.Colocated ? rollout.EngineShare : null);
        if (s_writers.TryGetValue(on, out Kept? kept) && ReferenceEquals(kept.By, of.By) && kept.Share == of.Share)
        {
            return kept.Writer;
        }

        Deployment writer = NewWriter(on, of.By, of.Share);
        s_writers.AddOrUpdate(on, new(of.By, of.Share, writer));
        return writer;
    }

    // The engine that most trainers bring, a replica a GPU; colocated it fills a share of a GPU.
    private static Deployment NewWriter(Deployment on, Deployment? named, double? share)
    {
        Deployment by = named ?? new Deployment(on.Model, on.Gpu, EngineCatalog.Vllm, WeightFormat.Bf16)
        {
            Placement = new() { Data = on.Placement.Gpus },
            Node = on.Node,
        };
        return share is { } part && by.EffectiveEngine is { } engine ? by with { Engine = engine.WithShare(part) } : by;
    }

    // An engine fills its share of the GPU, or takes what one longest sequence of each replica needs where that is more.
    private static (long Awake, long Asleep) Held(Deployment writer, Rollout rollout)
    {
        MemoryEstimate least = writer.Memory(new Workload(rollout.Prompt.Limit, rollout.Completion.Limit, writer.Placement.Data)
        {
            ExtendsContext = true,
        });
        long share = writer.Gpu is { IsMemoryKnown: true } gpu
            ? (long)(rollout.EngineShare * MemoryFit.Usable(gpu).Bytes) : 0;
        long awake = Math.Max(share, least.PerGpu.Bytes);
        long runs = Math.Max(0, least.PerGpu.Bytes - least.PerGpuWeights.Bytes - least.PerGpuCache.Bytes
            - (least.Activations.Bytes / Math.Max(1, writer.Placement.Gpus)));
        return (awake, rollout.Sleep switch
        {
            EngineSleep.Awake => awake,
            EngineSleep.CacheReleased => least.PerGpuWeights.Bytes + runs,
            _ => runs,
        });
    }

    private sealed record Kept(Deployment? By, double? Share, Deployment Writer);
}
