using LlmMath.Architectures;
using LlmMath.Basics;
using LlmMath.Placement.Adapters;

namespace LlmMath.Training;

/// <summary>The trained parameters of an adapter, with the working.</summary>
public sealed record AdapterParameters
{
    private readonly List<AdaptedTensor> _tensors;

    internal AdapterParameters(Architecture architecture, LoraSpec adapter)
    {
        (Architecture, Adapter, _tensors) = (architecture, adapter, AdapterFold.Of(architecture, adapter));
        foreach (AdaptedTensor adapted in _tensors)
        {
            Total = Size.Sum(nameof(adapter.Rank), Total, adapted.Parameters);
        }
    }

    /// <summary>The model.</summary>
    public Architecture Architecture { get; }

    /// <summary>The adapter.</summary>
    public LoraSpec Adapter { get; }

    /// <summary>All trained parameters.</summary>
    public long Total { get; }

    /// <summary>Routed experts' parameters that no name of the adapter reaches, since their stacks are no modules; 0 where there
    /// are none.</summary>
    public long UnreachedExperts => Unreached().Sum(stack => stack.Block!.Layers.Count * stack.Tensor.Elements);

    /// <summary>What a reader should know: experts that are not reached, ranks that add nothing.</summary>
    public ValueList<string> Notes()
    {
        var notes = new List<string>();
        string stacks = string.Join(", ",
            Unreached().Select(stack => ModuleName.Of(stack.Tensor.Name).Split('.')[^1]).Distinct());
        if (stacks.Length > 0)
        {
            notes.Add($"The routed experts are stacked in {stacks}, which are no modules: the adapter does not reach them. "
                + "TargetParameters (PEFT 0.18 or later) names them.");
        }

        notes.AddRange(_tensors.Where(IsPointless).Select(adapted =>
            $"{ModuleName.Of(adapted.Tensor.Name)}: rank {NumberText.N(adapted.Rank)} is more than its smaller side, "
            + $"{NumberText.N(Smaller(adapted.Tensor))}: it adds parameters and nothing else."));
        return [.. notes];
    }

    /// <summary>The working, a line a kind of module; the last line's total is <see cref="Total"/>.</summary>
    public ValueList<DerivationLine> Explain()
    {
        var lines = new List<DerivationLine>();
        long total = 0;
        foreach (AdaptedTensor adapted in _tensors)
        {
            total += adapted.Parameters;
            lines.Add(new(ModuleName.Of(adapted.Tensor.Name), Formula(adapted), adapted.Parameters, total));
        }

        return [.. lines];
    }

    private static string Formula(in AdaptedTensor adapted)
    {
        (long matrices, long outputs, long inputs) = adapted.Tensor.Matrices;
        string many = (adapted.Block is null ? "" : $"{NumberText.N(adapted.Layers)} layers × ")
            + (matrices > 1 && adapted.Tensor.Experts is not null ? $"{NumberText.N(matrices)} experts × " : "");
        return adapted.Rank == 0 ? $"{many}{NumberText.N(adapted.Tensor.Elements / matrices)} trained whole"
            : adapted.HasMagnitudes
            ? $"{many}({NumberText.N(adapted.Rank)} × ({NumberText.N(inputs)} + {NumberText.N(outputs)}) + "
                + $"{NumberText.N(outputs)} magnitudes)"
            : $"{many}{NumberText.N(adapted.Rank)} × ({NumberText.N(inputs)} + {NumberText.N(outputs)})";
    }

    private static bool IsPointless(AdaptedTensor adapted) => adapted.Rank > Smaller(adapted.Tensor);

    private static long Smaller(Tensor tensor) => Math.Min(tensor.Matrices.Outputs, tensor.Matrices.Inputs);

    private IEnumerable<(Tensor Tensor, Block? Block)> Unreached() => AdapterFold.Tensors(Architecture)
        .Where(one => AdapterNames.IsStack(one.Tensor) && one.Block is not null
            && !_tensors.Any(adapted => ReferenceEquals(adapted.Tensor, one.Tensor)));
}
