using LlmMath.Architectures;
using LlmMath.Basics;
using LlmMath.Formats;
using LlmMath.Training;

namespace LlmMath.Placement.Adapters;

/// <summary>The one fold from a model's tensors to what an adapter adds to them.</summary>
internal static class AdapterFold
{
    /// <summary>Every tensor that the adapter works on, by rank, in the order of the forward pass.</summary>
    /// <param name="a">The model.</param>
    /// <param name="spec">The adapter.</param>
    /// <exception cref="EstimateException">A rank is below 1, or a name means nothing of the model; the error lists what
    /// there is.</exception>
    public static List<AdaptedTensor> Of(Architecture a, LoraSpec spec)
    {
        CheckRanks(spec);
        var found = new List<AdaptedTensor>();
        if (spec.IsEngineSlot)
        {
            foreach (Block block in a.Blocks)
            {
                foreach (Tensor tensor in block.Tensors)
                {
                    if (tensor.Experts is null && tensor.Kind.IsLinear())
                    {
                        found.Add(new(tensor, block, block.Layers.Count, spec.Rank, false));
                    }
                }
            }

            return found;
        }

        AdapterNames.Check(a, spec);
        bool layerwise = AdapterNames.TellLayersApart(spec);
        foreach ((Tensor tensor, Block? block) in Tensors(a))
        {
            if (block is null || !layerwise)
            {
                Add(found, spec, tensor, block, null, block?.Layers.Count ?? 1);
                continue;
            }

            foreach (int layer in block.Layers)
            {
                Add(found, spec, tensor, block, layer, 1);
            }
        }

        return found;
    }

    /// <summary>Trained parameters of all of them.</summary>
    /// <exception cref="EstimateException">As <see cref="Of"/>, or they exceed 2⁶³ − 1.</exception>
    public static long Parameters(Architecture a, LoraSpec spec)
    {
        long sum = 0;
        foreach (AdaptedTensor adapted in Of(a, spec))
        {
            sum = Size.Sum(nameof(spec.Rank), sum, adapted.Parameters);
        }

        return sum;
    }

    /// <summary>Every tensor with storage of its own or, where a module shares another's, without; with its block.</summary>
    public static IEnumerable<(Tensor Tensor, Block? Block)> Tensors(Architecture a)
    {
        foreach (Tensor tensor in (IEnumerable<Tensor>)a.Inputs)
        {
            yield return (tensor, null);
        }

        foreach (Block block in (IEnumerable<Block>)a.Blocks)
        {
            foreach (Tensor tensor in (IEnumerable<Tensor>)block.Tensors)
            {
                yield return (tensor, block);
            }
        }

        foreach (Tensor tensor in (IEnumerable<Tensor>)a.Outputs)
        {
            yield return (tensor, null);
        }
    }

    private static void Add(List<AdaptedTensor> found, LoraSpec spec, Tensor tensor, Block? block, int? layer, int layers)
    {
        int rank = AdapterNames.IsSaved(spec, tensor, layer) ? 0
            : AdapterNames.IsTarget(spec, tensor, layer) ? RankOf(spec, tensor, layer)
            : -1;
        if (rank < 0)
        {
            return;
        }

        if (found.Count > 0 && found[^1] is var last && ReferenceEquals(last.Tensor, tensor) && last.Block == block
            && last.Rank == rank)
        {
            found[^1] = last with { Layers = last.Layers + layers };
            return;
        }

        found.Add(new(tensor, block, layers, rank, spec.IsDora && rank > 0));
    }

    private static int RankOf(LoraSpec spec, Tensor tensor, int? layer)
    {
        foreach (ModuleRank rank in spec.Ranks)
        {
            if (ModuleName.Matches(ModuleName.Of(tensor.Name), rank.Module, layer))
            {
                return rank.Rank;
            }
        }

        return spec.Rank;
    }

    private static void CheckRanks(LoraSpec spec)
    {
        foreach (ModuleRank rank in spec.Ranks)
        {
            if (rank.Rank < 1)
            {
                throw new EstimateException("Adapter.Ranks", $"1 or more is right; that of {NumberText.Quoted(rank.Module)} is "
                    + $"{NumberText.N(rank.Rank)}.");
            }
        }

        if (spec.Rank < 1)
        {
            throw new EstimateException("Adapter.Rank", $"1 or more is right; it is {NumberText.N(spec.Rank)}.");
        }
    }
}
