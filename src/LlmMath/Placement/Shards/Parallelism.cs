using System.Globalization;
using LlmMath.Architectures;

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

    /// <summary>All GPUs together; 2³¹ − 1 where there would be more, which no setup may have.</summary>
    public int Gpus => (int)Int128.Clamp(All, int.MinValue, int.MaxValue);

    private Int128 All => (Int128)Tensor * Pipeline * Data;

    /// <summary>GPUs that share the experts of one stage.</summary>
    internal int ExpertDegree => Expert == 0 ? Tensor : Expert;

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

    /// <summary>TP, PP, EP and DP as far as they are above 1: <c>TP 8, PP 2</c>.</summary>
    public override string ToString()
    {
        string text = string.Join(", ", new[] { ("TP", Tensor), ("PP", Pipeline), ("EP", Expert), ("DP", Data) }
            .Where(degree => degree.Item2 > 1)
            .Select(degree => $"{degree.Item1} {degree.Item2.ToString(CultureInfo.InvariantCulture)}"));
        return text.Length == 0 ? "one GPU" : text;
    }

    /// <summary>Refuses degrees that a model cannot be divided by.</summary>
    /// <exception cref="ArgumentException">A degree is below 1, or does not divide the heads, the layers or the
    /// experts.</exception>
    internal void Check(Architecture a)
    {
        if (Tensor < 1 || Pipeline < 1 || Data < 1 || Expert < 0)
        {
            throw new ArgumentException("Parallelism: every degree is 1 or more. Make it with new Parallelism { Tensor = … }.");
        }

        if (All > int.MaxValue)
        {
            throw new ArgumentException(
                $"Parallelism: {N(Tensor)} × {N(Pipeline)} × {N(Data)} GPUs are more than {N(int.MaxValue)}.");
        }

        if (Pipeline > MostStages)
        {
            throw new ArgumentException(
                $"Parallelism.Pipeline: at most {N(MostStages)} stages are reckoned; it is {N(Pipeline)}.");
        }

        if (Pipeline > a.LayerCount)
        {
            throw new ArgumentException(
                $"Parallelism.Pipeline: {N(Pipeline)} stages are more than the {N(a.LayerCount)} layers.");
        }

        long experts = 0;
        foreach (Block block in a.Blocks)
        {
            foreach (SequenceMixer mixer in block.Mixers)
            {
                if (mixer.ParallelHeads % Tensor != 0)
                {
                    throw new ArgumentException(
                        $"Parallelism.Tensor: {N(Tensor)} does not divide the {N(mixer.ParallelHeads)} heads; "
                        + $"give a divisor: {Divisors(mixer.ParallelHeads)}.");
                }
            }

            foreach (Architectures.Tensor tensor in block.Tensors)
            {
                experts = Math.Max(experts, tensor.Experts ?? 0);
            }
        }

        if (Expert > 0 && (experts == 0 || experts % Expert != 0 || Expert % Tensor != 0 || Expert > Tensor * Data))
        {
            throw new ArgumentException(experts == 0
                ? "Parallelism.Expert: the model has no experts."
                : $"Parallelism.Expert: {N(Expert)} must divide the {N(experts)} experts, be a multiple of Tensor ({N(Tensor)}) "
                    + $"and be at most Tensor × Data ({N(Tensor * Data)}).");
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
