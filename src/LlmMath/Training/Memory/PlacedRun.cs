using LlmMath.Architectures;
using LlmMath.Engines;
using LlmMath.Formats;
using LlmMath.Placement.Adapters;
using LlmMath.Placement.Shards;
using LlmMath.Placement.Weights;
using LlmMath.Training.Activations;
using LlmMath.Training.Methods;

namespace LlmMath.Training.Memory;

/// <summary>A run as it lies on its GPUs: what folds over tensors find is found once.</summary>
internal sealed class PlacedRun
{
    /// <summary>Lays a run out.</summary>
    /// <exception cref="ArgumentException">Deployment or run hold something that cannot be; the error names it.</exception>
    /// <exception cref="OverflowException">A size exceeds 2⁶³ − 1 bytes.</exception>
    public PlacedRun(Deployment on, TrainingRun run)
        : this(on, run, new(run.Method.Sequences(), run.Method == TrainingMethod.Reward))
    {
        if (run.Method.IsReinforced())
        {
            Roles = ReinforcedRoles.Of(this);
        }
    }

    private PlacedRun(Deployment on, TrainingRun run, PassShape shape)
    {
        (On, Run, Shape) = (on, run, shape);
        Trainer = (on.Engine ?? TrainerCatalog.Reference).Training ?? throw new EstimateException("Engine",
            $"{on.Engine} serves requests; a trainer is right.", $"TrainerCatalog has {string.Join(", ", TrainerCatalog.All)}.");
        RunChecks.Check(on, run);
        Recipe = run.Recipe ?? StateRecipe.Find(Trainer.Recipe);
        Architecture = on.Model.Architecture;
        Adapted = run.Adapter is { } adapter ? AdapterFold.Of(Architecture, adapter) : null;
        Rules = new(Trainer, ActivationBytes(), run.Attention == AttentionKernel.Eager, RanksOf(Adapted),
            Trainer.KeepsFrozenInputs && Adapted is not null && IsFlat(on.Weights), run.Adapter?.HasDropout ?? false);
        Stages = new PlacedStage[on.Placement.Pipeline];
        for (int stage = 0; stage < Stages.Length; stage++)
        {
            Stages[stage] = At(stage);
        }
    }

    /// <summary>A critic, or a model that scores, as it is laid out beside a policy: one score in place of the
    /// vocabulary.</summary>
    public static PlacedRun Scoring(PlacedRun policy, ModelDefinition model) => new(policy.On with { Model = model },
        policy.Run with
        {
            Method = policy.Run.IsAdapted ? policy.On.Weights.ElementBits < 16 ? TrainingMethod.QLora : TrainingMethod.Lora
                : TrainingMethod.Full,
            SequenceLength = policy.Run.SequenceLength,
            ExtendsContext = true,
            GlobalBatch = 0,
            Rollout = null,
            Reference = null,
        }, new(1, true));

    /// <summary>The deployment.</summary>
    public Deployment On { get; }

    /// <summary>What passes the model.</summary>
    public PassShape Shape { get; }

    /// <summary>What reinforcement learning runs beside the policy; null with every other method.</summary>
    public ReinforcedRoles? Roles { get; }

    /// <summary>The run.</summary>
    public TrainingRun Run { get; }

    /// <summary>What the trainer holds and keeps.</summary>
    public EngineTraining Trainer { get; }

    /// <summary>In which formats states are held.</summary>
    public StateRecipe Recipe { get; }

    /// <summary>The model.</summary>
    public Architecture Architecture { get; }

    /// <summary>What an adapter works on; null where all parameters are trained.</summary>
    public List<AdaptedTensor>? Adapted { get; }

    /// <summary>What decides which activations are kept.</summary>
    public ActivationRules Rules { get; }

    /// <summary>What each stage holds.</summary>
    public PlacedStage[] Stages { get; }

    /// <summary>Micro-batches of a step on each replica.</summary>
    public long MicroBatches
    {
        get
        {
            long each = (long)Run.MicroBatch * On.Placement.Data;
            return Run.Rollout is not null ? (Updated + each - 1) / each : Run.GlobalBatch == 0 ? 1 : Run.GlobalBatch / each;
        }
    }

    /// <summary>Whether it is said how many micro-batches a step has.</summary>
    public bool KnowsBatch => Run.GlobalBatch > 0 || Run.Rollout is not null;

    /// <summary>Answers of a step of reinforcement learning; 0 with every other method.</summary>
    public long Answers => Run.Rollout is { } rollout ? checked((long)rollout.Prompts * MethodFacts.GroupOf(Run)) : 0;

    /// <summary>Answers of one update.</summary>
    public long Updated => Run.GlobalBatch > 0 ? Run.GlobalBatch : Answers;

    /// <summary>Tokens of a micro-batch on one GPU.</summary>
    public double Tokens => (double)Run.MicroBatch * Shape.Sequences * Run.SequenceLength / On.Placement.Context;

    // Where quantized weights' other tensors are in float32, so is everything between.
    private int ActivationBytes() => Trainer.UpcastsFrozen && Adapted is not null && IsFlat(On.Weights) ? 4
        : Recipe.ActivationBytes;

    /// <summary>Whether weights are in bitsandbytes' blocks: of other quantized models PEFT leaves the rest as it is.</summary>
    public static bool IsFlat(WeightFormat format) =>
        format.Encode(new("", MatrixKind.Up, new(1, 4096, 4096), false, 1, 0, default)).IsFlat;

    private static Dictionary<Tensor, int>? RanksOf(List<AdaptedTensor>? adapted)
    {
        if (adapted is null)
        {
            return null;
        }

        var ranks = new Dictionary<Tensor, int>(ReferenceEqualityComparer.Instance);
        foreach (AdaptedTensor one in adapted)
        {
            ranks[one.Tensor] = one.Rank;
        }

        return ranks;
    }

    private PlacedStage At(int number)
    {
        Parallelism over = On.Placement;
        Shard shard = over.Tensor * over.Pipeline == 1 && over.ExpertDegree == 1 ? Shard.Whole
            : Shard.Stage(Architecture.LayerCount, over, number);
        var held = new HeldTensors(Architecture, shard, hasHead: !Shape.Scores);
        TrainingStates states = Adapted is null ? StateFold.OfAll(this, held, shard) : StateFold.OfAdapter(this, shard);
        long frozen = Adapted is null ? 0 : StateFold.Frozen(this, held, shard);
        (long layer, long gradients) = StateFold.LargestLayer(this, held);
        var layers = new (LayerKept, int)[Architecture.Blocks.Count];
        int kinds = 0;
        foreach (Block block in Architecture.Blocks)
        {
            if (shard.LayersOf(block) is > 0 and int count)
            {
                layers[kinds++] = (ActivationFold.Of(block, Architecture.HiddenSize, Rules), count);
            }
        }

        Array.Resize(ref layers, kinds);
        var beside = new RoleBytes(
            Reference: MethodFacts.ReferenceOf(Run) == ReferenceModel.Kept ? StateFold.Frozen(this, held, shard) : 0,
            Critic: 0, Reward: 0, Policy: 0, Engine: 0);
        return new(number, shard, frozen, states, StateFold.Trained(this, held, shard), StateFold.Copies(this, held), layer,
            gradients, layers, beside);
    }
}
