using System.Numerics;
using static LlmMath.Fuzz.PropertyException;

namespace LlmMath.Fuzz.Readers;

/// <summary>The count by its definition, in integers without an end: layers × Σ of the products of dimensions.</summary>
internal static class IndependentCount
{
    // Workings have a line or more for each kind of layer, and for each tensor beside the layers.
    private const int MostLines = 2_000;
    private const long MostTensors = 20_000;

    /// <summary>Holds everything that a model says of its count against it.</summary>
    public static void Check(ModelDefinition model, Trial trial)
    {
        Architecture a = model.Architecture;
        BigInteger count = Sum(a, static tensor => tensor.TiedTo is null ? Elements(tensor) : 0);
        BigInteger paper = Sum(a, static tensor => !tensor.IsLinearBias
            && (tensor.TiedTo is null || tensor.Role == TensorRole.Head)
            ? Elements(tensor) : 0);
        Require(model.ParameterCount() == count, "the count is the sum of the tensors", (model.ParameterCount(), count));
        Require(model.ParameterCount(CountingConvention.HandEstimate) == paper, "the paper's count is the sum of its tensors",
            (model.ParameterCount(CountingConvention.HandEstimate), paper));
        Require(model.ActiveParameterCount() == Sum(a, static tensor => tensor.TiedTo is null ? Active(tensor) : 0),
            "the active count is the sum of the experts that are used", model.ActiveParameterCount());
        Require(model.ActiveParameterCount() >= 1 && model.ActiveParameterCount() <= count, "the active count is in 1..count",
            (model.ActiveParameterCount(), count));
        Require(a.LayerCount > 0, "there is a layer");
        trial.Did("models counted");
        if (a.LayerCount + a.Inputs.Count + a.Outputs.Count < MostLines)
        {
            CheckWorking(model, count, paper);
            trial.Did("workings");
        }

        CheckEnumeration(a, count, trial);
    }

    private static void CheckWorking(ModelDefinition model, BigInteger count, BigInteger paper)
    {
        ParameterBreakdown parts = model.Parameters();
        Require(parts.Components.Aggregate(BigInteger.Zero, (sum, part) => sum + part.Parameters) == count,
            "components add up to the count", count);
        Ends(parts.Explain(), count, "the working");
        Ends(model.Parameters(CountingConvention.HandEstimate).Explain(), paper, "the paper's working");
        Ends(parts.Reconcile(), count, "the reconciliation");
    }

    private static void Ends(ValueList<DerivationLine> lines, BigInteger end, string what)
    {
        BigInteger total = 0;
        foreach (DerivationLine line in lines)
        {
            total += line.Value;
            Require(line.Total == total, what + " adds up", line);
        }

        Require(total == end, what + " ends at the count", (total, end));
    }

    private static void CheckEnumeration(Architecture a, BigInteger count, Trial trial)
    {
        if (Sum(a, static tensor => Copies(tensor)) > MostTensors)
        {
            return;
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        BigInteger sum = 0;
        long tied = 0;
        foreach (CheckpointTensor tensor in a.EnumerateTensors())
        {
            Require(names.Add(tensor.Name), "no tensor's name is there twice", tensor.Name);
            sum += tensor.Kind.TiedTo is null ? Product(tensor.Shape) : 0;
            tied += tensor.Kind.TiedTo is null ? 0 : 1;
        }

        Require(a.TensorCount == names.Count - tied, "the number of tensors is that of the enumerated",
            (a.TensorCount, names.Count, tied));

        Require(sum == count, "enumerated tensors add up to the count", (sum, count));
        trial.Did("tensors enumerated", names.Count);
    }

    private static BigInteger Sum(Architecture a, Func<Tensor, BigInteger> of) => Sum(a.Inputs, of) + Sum(a.Outputs, of)
        + a.Blocks.Aggregate(BigInteger.Zero, (sum, block) => sum + (block.Layers.Count * Sum(block.Tensors, of)));

    private static BigInteger Sum(ValueList<Tensor> tensors, Func<Tensor, BigInteger> of) =>
        tensors.Aggregate(BigInteger.Zero, (sum, tensor) => sum + of(tensor));

    private static BigInteger Elements(Tensor tensor) => Product(tensor.Shape) * Copies(tensor);

    // Of a table that is looked up by hashes of tokens, a token reads a few rows and multiplies by none.
    private static BigInteger Active(Tensor tensor) => tensor.IsHashedTable ? 0
        : tensor is { Experts: { } experts, ActiveExperts: { } active } ? Elements(tensor) / experts * active
        : Elements(tensor);

    private static BigInteger Copies(Tensor tensor) =>
        tensor.Name.Contains("{expert}", StringComparison.Ordinal) ? tensor.Experts ?? 1 : 1;

    private static BigInteger Product(TensorShape shape) =>
        Enumerable.Range(0, shape.Rank).Aggregate(BigInteger.One, (product, axis) => product * shape[axis]);
}
