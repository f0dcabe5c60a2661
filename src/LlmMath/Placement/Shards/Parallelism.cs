using System.Globalization;
using LlmMath.Architectures;
using LlmMath.Training;

namespace LlmMath;

/// <summary>How a model is laid over GPUs.</summary>
public readonly record struct Parallelism
{
    // Deployments have dozens. Each stage is folded by itself.
    private const int MostStages = 1024;

    /// <summary>One GPU.</summary>
    public Parallelism()
    {
    }

    /// <summary>GPUs among which every layer's matrices and heads are divided (TP), 1 or more.</summary>
    public int Tensor { get; init; } = 1;

    /// <summary>Stages, each with a run of the layers (PP), 1 to 1,024.</summary>
    public int Pipeline { get; init; } = 1;

    /// <summary>GPUs among which routed experts are divided (EP), a multiple of <see cref="Tensor"/>; 0 for as many as
    /// <see cref="Tensor"/>.</summary>
    public int Expert { get; init; }

    /// <summary>Replicas, each with its share of the batch (DP), 1 or more.</summary>
    public int Data { get; init; } = 1;

    /// <summary>GPUs among which the tokens of each sequence are divided in training (CP), 1 or more; 1 for inference.</summary>
    public int Context { get; init; } = 1;

    /// <summary>What of a training run's state replicas share out among them; nothing for inference.</summary>
    public Sharding Sharding { get; init; }

    /// <summary>Replicas of one group that shares it out, of which there are copies (hybrid sharding, HSDP): a divisor of
    /// <see cref="Data"/> × <see cref="Context"/>; 0 for all of them.</summary>
    public int ShardingGroup { get; init; }

    /// <summary>All GPUs together; 2³¹ − 1 where there would be more, which no setup may have.</summary>
    public int Gpus => (int)Int128.Clamp(All, int.MinValue, int.MaxValue);

    private Int128 All => (Int128)Tensor * Pipeline * Data * Context;

    /// <summary>Replicas among which a training run's state is shared out: those of a group. GPUs of one sequence hold the same
    /// parameters, and count.</summary>
    internal int ShardingDegree => ShardingGroup == 0 ? Data * Context : ShardingGroup;

    /// <summary>GPUs that share the experts of one stage.</summary>
    internal int ExpertDegree => Expert == 0 ? Tensor : Expert;

    /// <summary>Replicas of attention that share the experts: 1 unless attention is data-parallel.</summary>
    internal int AttentionReplicas => Math.Max(1, ExpertDegree / Math.Max(1, Tensor));

    /// <summary>So many GPUs with as much tensor parallelism as heads and the GPUs of a node allow, the rest as stages; null
    /// where neither heads nor layers divide so.</summary>
    /// <param name="architecture">The model.</param>
    /// <param name="gpus">GPUs, 1 or more.</param>
    /// <param name="engine">The engine; one that splits by layer gets stages alone.</param>
    /// <param name="node">The machine that they stand in; the usual one unless stated.</param>
    public static Parallelism? For(Architecture architecture, int gpus, Engine? engine = null, Node? node = null)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(gpus);
        for (int tensor = engine is { SplitsByLayer: true } ? 1
            : Math.Min((node ?? Node.Usual).Gpus, gpus); tensor >= 1; tensor--)
        {
            var over = new Parallelism { Tensor = tensor, Pipeline = gpus / tensor };
            if (gpus % tensor == 0 && over.Allows(architecture))
            {
                return over;
            }
        }

        return null;
    }

    /// <summary>TP, PP, EP, CP and DP as far as they are above 1, and what is shared out: <c>TP 8, PP 2</c>.</summary>
    public override string ToString()
    {
        string text = string.Join(", ", new[] { ("TP", Tensor), ("PP", Pipeline), ("EP", Expert), ("CP", Context), ("DP", Data) }
            .Where(degree => degree.Item2 > 1)
            .Select(degree => $"{degree.Item1} {degree.Item2.ToString(CultureInfo.InvariantCulture)}")
            .Concat(Sharding == Sharding.None ? [] : [$"ZeRO {((int)Sharding).ToString(CultureInfo.InvariantCulture)}"]));
        return text.Length == 0 ? "one GPU" : text;
    }

    /// <summary>Refuses degrees that a model cannot be divided by.</summary>
    /// <exception cref="EstimateException">A degree is below 1, or does not divide the heads, the layers or the
    /// experts.</exception>
    internal void Check(Architecture a)
    {
        if (Tensor < 1 || Pipeline < 1 || Data < 1 || Expert < 0 || Context < 1)
        {
            throw new EstimateException(nameof(Parallelism), "every degree is 1 or more.",
                "Make it with new Parallelism { Tensor = … }.");
        }

        if (All > int.MaxValue)
        {
            throw new EstimateException(nameof(Parallelism),
                $"{N(Tensor)} × {N(Pipeline)} × {N(Data)} × {N(Context)} GPUs are more than {N(int.MaxValue)}.");
        }

        if (Sharding is < Sharding.None or > Sharding.Zero3)
        {
            throw new EstimateException("Parallelism.Sharding",
                $"None, Zero1, Zero2 or Zero3 is right; it is {N((int)Sharding)}.");
        }

        if (ShardingGroup < 0 || (ShardingGroup > 0 && Data * Context % ShardingGroup != 0))
        {
            throw new EstimateException("Parallelism.ShardingGroup",
                $"a divisor of the {N(Data * Context)} replicas is right; it is {N(ShardingGroup)}.");
        }

        if (Pipeline > MostStages)
        {
            throw new EstimateException("Parallelism.Pipeline",
                $"at most {N(MostStages)} stages are reckoned; it is {N(Pipeline)}.");
        }

        if (Pipeline > a.LayerCount)
        {
            throw new EstimateException("Parallelism.Pipeline",
                $"{N(Pipeline)} stages are more than the {N(a.LayerCount)} layers.");
        }

        long experts = 0;
        foreach (Block block in a.Blocks)
        {
            foreach (SequenceMixer mixer in block.Mixers)
            {
                if (mixer.ParallelHeads % Tensor != 0)
                {
                    throw new EstimateException("Parallelism.Tensor",
                $"{N(Tensor)} does not divide the {N(mixer.ParallelHeads)} heads; "
                        + $"give a divisor: {Divisors(mixer.ParallelHeads)}.");
                }
            }

            foreach (Architectures.Tensor tensor in block.Tensors)
            {
                experts = Math.Max(experts, tensor.Experts ?? 0);
            }
        }

        if (Expert > 0 && (experts == 0 || experts % Expert != 0 || Expert % Tensor != 0 || Expert > Tensor * Data * Context))
        {
            throw new EstimateException("Parallelism.Expert", experts == 0
                ? "the model has no experts."
                : $"{N(Expert)} must divide the {N(experts)} experts, be a multiple of Tensor ({N(Tensor)}) "
                    + $"and be at most Tensor × Data × Context ({N(Tensor * Data * Context)}).");
        }
    }

    /// <summary>Refuses what only training has.</summary>
    /// <exception cref="EstimateException">Sequences are divided, or a run's state is shared out.</exception>
    internal void RequireInference()
    {
        if (Context != 1)
        {
            throw new EstimateException("Parallelism.Context",
                $"1 is right for inference; it is {N(Context)}.",
                "Sequences are divided in training alone.");
        }

        if (Sharding != Sharding.None || ShardingGroup != 0)
        {
            throw new EstimateException("Parallelism.Sharding", "None, without a group, is right for inference.",
                "Replicas share out their state in training alone.");
        }
    }

    /// <summary>Whether tensor and pipeline degrees suit a model.</summary>
    internal bool Allows(Architecture a)
    {
        foreach (Block block in a.Blocks)
        {
            foreach (SequenceMixer mixer in block.Mixers)
            {
                if (mixer.ParallelHeads % Tensor != 0)
                {
                    return false;
                }
            }
        }

        return Pipeline <= Math.Min(a.LayerCount, MostStages);
    }

    private static string Divisors(long heads) => string.Join(", ",
        Enumerable.Range(1, 64).Where(degree => heads % degree == 0).Take(12).Select(degree => N(degree)));

    private static string N(long number) => number.ToString(CultureInfo.InvariantCulture);
}
