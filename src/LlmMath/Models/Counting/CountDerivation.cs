using LlmMath.Architectures;
using static LlmMath.Basics.NumberText;
using static LlmMath.Models.Counting.ProductText;

namespace LlmMath.Models.Counting;

/// <summary>Writes a count's working. The numbers are those of <see cref="ParameterFold"/>'s tensors; this class only groups them
/// into lines and words.</summary>
internal static class CountDerivation
{
    public static ValueList<DerivationLine> Of(Architecture a, CountingConvention convention)
    {
        var lines = new Lines();
        var inputs = a.Inputs.Where(t => ParameterFold.Counts(t, convention)).ToList();
        var outputs = a.Outputs.Where(t => ParameterFold.Counts(t, convention)).ToList();
        Tensor? head = outputs.FirstOrDefault(t => t.Role == TensorRole.Head && !t.IsLinearBias);
        Tensor? shared = inputs.FirstOrDefault(t => t.Role == TensorRole.Embedding && t.Shape == head?.Shape);

        foreach (Tensor tensor in inputs.Where(IsMatrix))
        {
            lines.Add(InputTerm(tensor, tensor == shared, outputs, a), tensor == shared
                ? "2 × " + Dimensions(tensor)
                : Dimensions(tensor), tensor == shared ? 2 * tensor.Elements : tensor.Elements);
        }

        List<Block> blocks = DistinctByTensors(a.Blocks);
        foreach (Block block in blocks)
        {
            AddBlock(lines, blocks.Count > 1, block, [.. block.Tensors.Where(t => ParameterFold.Counts(t, convention))]);
        }

        foreach (Tensor tensor in outputs.Where(t => IsMatrix(t) && t.Role != TensorRole.Head))
        {
            string term = tensor.Role == TensorRole.Projection ? "down-projection" : "output " + Words(tensor.Role);
            lines.Add(term, Dimensions(tensor), tensor.Elements);
        }

        AddAll(lines, "norms", a, convention, t => t.Role == TensorRole.Norm, NormTerms);
        AddAll(lines, "linear biases", a, convention, t => t.IsLinearBias, SumOfProducts);
        if (head is not null && shared is null)
        {
            lines.Add("output head", Dimensions(head), head.Elements);
        }

        return lines.All;
    }

    public static ValueList<DerivationLine> PaperToCheckpoint(Architecture a)
    {
        var lines = new Lines();
        long paper = ParameterFold.Sum(a, CountingConvention.HandEstimate);
        lines.Add("on paper", "output embedding apart, no linear biases", paper);
        foreach (Tensor head in a.Outputs.Where(t => t.Role == TensorRole.Head && t.TiedTo is not null))
        {
            lines.Add("tied head", $"shares its storage with {head.TiedTo}", -head.Elements);
        }

        long biases = ParameterFold.Sum(a, CountingConvention.Checkpoint) - lines.Total;
        if (biases != 0)
        {
            lines.Add("linear biases", "counted in the checkpoint, not on paper", biases);
        }

        return lines.All;
    }

    /// <summary>Layer numbers as ranges: <c>0–2, 5</c>; at most four ranges, then an ellipsis.</summary>
    internal static string Ranges(ValueList<int> layers)
    {
        var ranges = new List<string>();
        int start = 0;
        for (int i = 1; i <= layers.Count && ranges.Count < 5; i++)
        {
            if (i == layers.Count || layers[i] != layers[i - 1] + 1)
            {
                ranges.Add(layers[start] == layers[i - 1] ? N(layers[start]) : $"{N(layers[start])}–{N(layers[i - 1])}");
                start = i;
            }
        }

        return ranges.Count < 5 ? string.Join(", ", ranges) : string.Join(", ", ranges.Take(4)) + ", …";
    }

    // Blocks that differ in their window alone count alike: one line for all their layers.
    private static List<Block> DistinctByTensors(ValueList<Block> blocks) =>
        [.. blocks.GroupBy(block => (block.IsEncoder, block.Tensors)).Select(alike => alike.First() with
        {
            Layers = [.. alike.SelectMany(block => block.Layers).OrderBy(layer => layer)],
        })];

    private static void AddBlock(Lines lines, bool isOneOfMany, Block block, List<Tensor> tensors)
    {
        string which = (block.IsEncoder ? "encoder " : "") + (block.Layers.Count == 1 ? "block" : "blocks")
            + (isOneOfMany ? $" (layers {Ranges(block.Layers)})" : "");
        string count = N(block.Layers.Count);
        var matrices = tensors.Where(t => IsMatrix(t) && t.Experts is null).ToList();
        if (matrices.Count > 0)
        {
            long each = Sum(matrices);
            lines.Add($"{count} {which}", $"{count} × ({SumOfProducts(matrices)} = {N(each)})", block.Layers.Count * each);
        }

        var experts = tensors.Where(t => t.Experts is not null).ToList();
        if (experts.Count > 0)
        {
            long perExpert = experts.Sum(t => t.Elements / t.Experts!.Value);
            long number = experts[0].Experts!.Value;
            string one = SumOfProducts(experts.Select(OneExpert));
            lines.Add($"routed experts of {count} {which}", $"{count} × {N(number)} × ({one} = {N(perExpert)})",
                block.Layers.Count * Sum(experts));
        }
    }

    private static void AddAll(Lines lines, string term, Architecture a, CountingConvention convention,
        Func<Tensor, bool> isWanted, Func<IEnumerable<Tensor>, string> describe)
    {
        var parts = new List<string>();
        long value = 0;
        void Part(IEnumerable<Tensor> of, long layers)
        {
            var tensors = of.Where(t => isWanted(t) && t.Experts is null && ParameterFold.Counts(t, convention)).ToList();
            if (tensors.Count > 0)
            {
                string text = describe(tensors);
                parts.Add(layers == 1 ? text : $"{N(layers)} × " + (text.Contains(" + ") ? $"({text})" : text));
                value += layers * Sum(tensors);
            }
        }

        Part(a.Inputs, 1);
        foreach (Block block in DistinctByTensors(a.Blocks))
        {
            Part(block.Tensors, block.Layers.Count);
        }

        Part(a.Outputs, 1);
        if (parts.Count > 0)
        {
            lines.Add(term, string.Join(" + ", parts), value);
        }
    }

    // Weights and biases of layer norms: norms × 2 × width.
    private static string NormTerms(IEnumerable<Tensor> norms) => string.Join(" + ", norms.GroupBy(t => t.Shape).Select(group =>
    {
        int weights = group.Count(t => !t.Name.EndsWith(".bias", StringComparison.Ordinal)), biases = group.Count() - weights;
        string width = Dimensions(group.First());
        return (weights, biases) switch
        {
            (1, 0) or (0, 1) => width,
            _ when weights == biases => $"{(weights == 1 ? "" : N(weights) + " × ")}2 × {width}",
            _ => $"{N(weights + biases)} × {width}",
        };
    }));

    private static string InputTerm(Tensor tensor, bool inAndOut, List<Tensor> outputs, Architecture a) => tensor.Role switch
    {
        TensorRole.Embedding when inAndOut => "token embeddings, in and out",
        TensorRole.Embedding when outputs.All(t => t.Role != TensorRole.Head) && a.Outputs.Any(t => t.TiedTo == tensor.Name) =>
            "token embeddings, shared with the head",
        TensorRole.Embedding => "token embeddings",
        TensorRole.Position => "positions",
        TensorRole.Projection => tensor.Shape.Rank == 2 && tensor.Shape[0] >= tensor.Shape[1] ? "up-projection" : "projection",
        _ => "input " + Words(tensor.Role),
    };

    // A tensor of its own for each expert stands as it is; of a stack, whose first dimension holds them all, one slice does.
    private static Tensor OneExpert(Tensor t)
    {
        if (t.Copies > 1 || t.Experts is not { } experts)
        {
            return t with { Experts = null };
        }

        long[] axes = [t.Shape[0] / experts, .. Enumerable.Range(1, t.Shape.Rank - 1).Select(axis => t.Shape[axis])];
        long[] slice = axes[0] > 1 || axes.Length == 1 ? axes : [.. axes.Skip(1)];
        return t with
        {
            Experts = null,
            Shape = new TensorShape(slice[0], Axis(1), Axis(2), Axis(3)),
        };

        long? Axis(int axis) => axis < slice.Length ? slice[axis] : null;
    }

    private static bool IsMatrix(Tensor t) => t.Role != TensorRole.Norm && !t.IsLinearBias;

    private static string Words(TensorRole role) => new ComponentCount(role, 1).Name;

    private static long Sum(List<Tensor> tensors) => tensors.Sum(t => t.Elements);

    /// <summary>Lines with their running total.</summary>
    private sealed class Lines
    {
        private readonly List<DerivationLine> _lines = [];

        public long Total { get; private set; }

        public ValueList<DerivationLine> All => [.. _lines];

        public void Add(string term, string formula, long value)
        {
            Total = checked(Total + value);
            _lines.Add(new DerivationLine(term, formula, value, Total));
        }
    }
}
