using LlmMath.Architectures;
using LlmMath.Basics;
using LlmMath.Formats;
using LlmMath.Training;

namespace LlmMath.Placement.Adapters;

/// <summary>What the names of an adapter mean of a model.</summary>
internal static class AdapterNames
{
    // Names that an error lists.
    private const int MostListed = 24;

    /// <summary>
    /// Whether a tensor is a linear module's weight that PEFT's <c>all-linear</c> takes: a matrix under its module's name, no
    /// table, norm or output head. Gates of one output and most routers are such modules; stacked experts are bare parameters.
    /// Source: huggingface/peft@831fd03e0, src/peft/tuners/tuners_utils.py, <c>_maybe_include_all_linear_layers</c>.
    /// </summary>
    public static bool IsLinearModule(Tensor tensor) => IsModule(tensor) && tensor.Role is not (TensorRole.Embedding
        or TensorRole.Position or TensorRole.Head or TensorRole.Norm);

    /// <summary>Whether it is a routed experts' stack that no name of a module reaches.</summary>
    public static bool IsStack(Tensor tensor) => tensor.Experts is not null && !tensor.IsPerExpert
        && tensor.Kind.IsLinear() && tensor.Shape.Rank == 3;

    /// <summary>Whether an adapter gives a tensor a pair of matrices.</summary>
    public static bool IsTarget(LoraSpec spec, Tensor tensor, int? layer) => IsModule(tensor)
        ? spec.TargetsEveryLinear ? IsLinearModule(tensor) : Means(spec.TargetModules, ModuleName.Of(tensor.Name), layer)
        : IsStack(tensor) && Means(spec.TargetParameters, tensor.Name, layer);

    /// <summary>Whether a tensor is of a module that is trained whole.</summary>
    public static bool IsSaved(LoraSpec spec, Tensor tensor, int? layer)
    {
        if (spec.ModulesToSave.Count == 0)
        {
            return false;
        }

        int dot = tensor.Name.LastIndexOf('.');
        return dot > 0 && Means(spec.ModulesToSave, tensor.Name.AsSpan(0, dot), layer);
    }

    /// <summary>Whether any name tells layers apart.</summary>
    public static bool TellLayersApart(LoraSpec spec) => spec.TargetModules.Any(ModuleName.NamesLayers)
        || spec.TargetParameters.Any(ModuleName.NamesLayers) || spec.ModulesToSave.Any(ModuleName.NamesLayers)
        || spec.Ranks.Any(rank => ModuleName.NamesLayers(rank.Module));

    /// <summary>Refuses names that mean nothing of the model.</summary>
    public static void Check(Architecture a, LoraSpec spec)
    {
        (Tensor Tensor, Block? Block)[] tensors = [.. AdapterFold.Tensors(a)];
        if (spec.TargetModules.Count + spec.TargetParameters.Count == 0)
        {
            throw new EstimateException("Adapter.TargetModules", "none is named.", $"The model has {Listed(Modules())}.");
        }

        if (!spec.TargetsEveryLinear)
        {
            foreach (string name in spec.TargetModules)
            {
                if (!Reaches(name, IsModule, tensor => ModuleName.Of(tensor.Name)))
                {
                    throw Unmatched(name, Reaches(name, IsStack, tensor => ModuleName.Of(tensor.Name)));
                }
            }
        }

        foreach (string name in spec.TargetParameters)
        {
            if (!Reaches(name, IsStack, tensor => tensor.Name))
            {
                throw new EstimateException("Adapter.TargetParameters",
                    $"no stack of experts has a name that ends with {NumberText.Quoted(name)}.",
                    tensors.Any(tensor => IsStack(tensor.Tensor))
                        ? $"The model has {Listed(tensors.Select(t => t.Tensor).Where(IsStack).Select(t => Short(t.Name, 2)))}."
                        : "The model has none: its experts, where it has any, are modules.");
            }
        }

        foreach (string name in spec.ModulesToSave)
        {
            if (!Reaches(name, _ => true, tensor => tensor.Name[..Math.Max(0, tensor.Name.LastIndexOf('.'))]))
            {
                throw new EstimateException("Adapter.ModulesToSave",
                    $"no module's name ends with {NumberText.Quoted(name)}.", $"The model has {Listed(Owners())}.");
            }
        }

        bool Reaches(string name, Func<Tensor, bool> may, Func<Tensor, string> module) => tensors.Any(tensor =>
            may(tensor.Tensor) && (ModuleName.Matches(module(tensor.Tensor), name, null)
                || (tensor.Block is { } block && ModuleName.NamesLayers(name)
                    && block.Layers.Any(layer => ModuleName.Matches(module(tensor.Tensor), name, layer)))));

        EstimateException Unmatched(string name, bool isStack) => isStack
            ? new("Adapter.TargetModules", $"{NumberText.Quoted(name)} is a stack of experts, which is no module.",
                "Name it in TargetParameters.")
            : new("Adapter.TargetModules", $"no module's name ends with {NumberText.Quoted(name)}.",
                $"The model has {Listed(Modules())}.");

        IEnumerable<string> Modules() => tensors.Where(tensor => IsLinearModule(tensor.Tensor))
            .Select(tensor => Short(ModuleName.Of(tensor.Tensor.Name), 1));

        IEnumerable<string> Owners() => tensors.Where(tensor => tensor.Tensor.Name.Contains('.'))
            .Select(tensor => Short(tensor.Tensor.Name[..tensor.Tensor.Name.LastIndexOf('.')], 1));
    }

    private static bool IsModule(Tensor tensor) => tensor.Shape.Rank == 2 && !tensor.IsBareParameter
        && tensor.Name.EndsWith(".weight", StringComparison.Ordinal);

    private static bool Means(ValueList<string> names, ReadOnlySpan<char> module, int? layer)
    {
        foreach (string name in names)
        {
            if (ModuleName.Matches(module, name, layer))
            {
                return true;
            }
        }

        return false;
    }

    private static string Short(string name, int segments) =>
        string.Join('.', name.Split('.').TakeLast(segments));

    private static string Listed(IEnumerable<string> names)
    {
        string[] all = [.. names.Distinct().Take(MostListed + 1)];
        return string.Join(", ", all.Take(MostListed)) + (all.Length > MostListed ? " …" : "");
    }
}
