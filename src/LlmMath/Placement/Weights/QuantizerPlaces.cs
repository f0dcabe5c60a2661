using LlmMath.Architectures;
using LlmMath.Formats;
using LlmMath.Placement.Shards;

namespace LlmMath.Placement.Weights;

/// <summary>What a quantizer sees of a model and its tensors.</summary>
internal static class QuantizerPlaces
{
    /// <summary>A tensor as a quantizer sees it in a layer.</summary>
    public static MatrixPlace Of(Tensor tensor, int layer, int ordinal, in QuantizerFacts facts) =>
        new(tensor.Name, tensor.Kind, tensor.Matrices, tensor.Role == TensorRole.Expert, layer, ordinal, facts);

    /// <summary>What of a model decides a quantizer's choices.</summary>
    public static QuantizerFacts FactsOf(Architecture a) => WholeModel.Of(a).Facts;

    /// <summary>The same, from all tensors of the model.</summary>
    public static QuantizerFacts FindFacts(Architecture a)
    {
        int attention = 0, feedForward = 0;
        long experts = 0, queries = 0;
        foreach (Block block in a.Blocks)
        {
            (bool hasValues, bool hasDown) = (false, false);
            foreach (Tensor tensor in block.Tensors)
            {
                experts = Math.Max(experts, tensor.Experts ?? 0);
                MatrixKind kind = tensor.Kind;
                hasValues |= kind is MatrixKind.Value or MatrixKind.QueryKeyValue;
                hasDown |= kind == MatrixKind.Down;
            }

            attention += hasValues && !block.IsEncoder ? block.Layers.Count : 0;
            feedForward += hasDown && !block.IsEncoder ? block.Layers.Count : 0;

            foreach (SequenceMixer mixer in block.Mixers)
            {
                queries = queries == 0 && mixer.Cache.Heads > 0 ? mixer.ParallelHeads / mixer.Cache.Heads : queries;
            }
        }

        return new(a.Family, a.LayerCount, attention, feedForward, experts, Math.Max(1, queries), IsTiedIn(a));
    }

    /// <summary>Whether a model's head shares the embedding's storage.</summary>
    public static bool IsTiedIn(Architecture a)
    {
        bool tied = true;
        foreach (Tensor tensor in a.Outputs)
        {
            tied &= tensor.Role != TensorRole.Head || tensor.TiedTo is not null;
        }

        return tied;
    }

    /// <summary>How many layers below one have a tensor of a kind, as llama.cpp's quantizer counts them.</summary>
    public static int Below(in QuantizerFacts facts, Architecture a, int layer, MatrixKind kind)
    {
        bool isValue = kind == MatrixKind.Value;
        if ((isValue ? facts.AttentionLayers : facts.FeedForwardLayers) == facts.Layers || (!isValue && facts.Experts > 1))
        {
            return layer;
        }

        var whole = WholeModel.Of(a);
        return Ascending.Below(isValue ? whole.LayersWithValues : whole.LayersWithDown, layer);
    }

    /// <summary>The decoder's layers that have a tensor of a kind, ascending.</summary>
    public static int[] LayersWith(Architecture a, Func<MatrixKind, bool> isKind) =>
        [.. a.Blocks.Where(block => !block.IsEncoder && block.Tensors.Any(tensor => isKind(tensor.Kind)))
            .SelectMany(block => block.Layers).Order()];
}
