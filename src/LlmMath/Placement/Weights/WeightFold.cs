using LlmMath.Architectures;
using LlmMath.Formats;
using LlmMath.Models.Families;
using LlmMath.Numerics.Kernels;
using LlmMath.Placement.Shards;

namespace LlmMath.Placement.Weights;

/// <summary>The one fold from tensors to bytes of weights: distinct blocks times the layers they stand at; only where a scheme
/// chooses layer by layer, each layer.</summary>
internal static class WeightFold
{
    /// <summary>Bytes of a model's weights, or of the part that one GPU holds. Allocates nothing.</summary>
    /// <exception cref="OverflowException">The size exceeds 2⁶³ − 1 bytes.</exception>
    public static long Sum(Architecture a, WeightFormat format, in Shard shard) => Shares(a, format, shard).Held;

    /// <summary>The same, with what of it others hold too. Allocates nothing.</summary>
    /// <exception cref="OverflowException">The size exceeds 2⁶³ − 1 bytes.</exception>
    public static WeightShare Shares(Architecture a, WeightFormat format, in Shard shard)
    {
        var facts = QuantizerPlaces.FactsOf(a);
        WeightShare sum = default;
        foreach (Tensor tensor in a.Inputs)
        {
            if (tensor.TiedTo is null && (shard.Inputs & KindOf(a, tensor)) != 0)
            {
                sum = sum.Plus(End(tensor, format, shard, facts, isCopy: false));
            }
        }

        foreach (Block block in a.Blocks)
        {
            sum = sum.Plus(Sum(a, block, format, shard, facts));
        }

        if (shard.HasOutputs)
        {
            foreach (Tensor tensor in a.Outputs)
            {
                // A tied head on another stage than the embedding is a copy.
                if (tensor.TiedTo is null || (shard.Inputs & InputTensors.TiedToHead) == 0)
                {
                    sum = sum.Plus(End(tensor, format, shard, facts, isCopy: tensor.TiedTo is not null));
                }
            }
        }

        return sum;
    }

    /// <summary>Bytes of what a checkpoint holds beyond the decoder, copies of the decoder's tensors included.</summary>
    /// <exception cref="OverflowException">The size exceeds 2⁶³ − 1 bytes.</exception>
    public static long Sum(Addition addition, WeightFormat format)
    {
        long sum = 0;
        foreach (Tensor tensor in addition.Tensors)
        {
            foreach (int layer in tensor.IsPerLayer ? addition.Layers : [0])
            {
                sum = checked(sum + format.Encode(QuantizerPlaces.Of(tensor, layer, 0, default)).SizeOf(tensor.Matrices));
            }
        }

        return sum;
    }

    /// <summary>Which of the inputs a tensor is. Only an embedding can be the head too: other inputs may be many, and so may the
    /// outputs.</summary>
    public static InputTensors KindOf(Architecture a, Tensor input)
    {
        if (input.Role is not TensorRole.Embedding)
        {
            return input.Role is TensorRole.Position ? InputTensors.LookedUp : InputTensors.Computed;
        }

        foreach (Tensor output in a.Outputs)
        {
            if (output.TiedTo == input.Name)
            {
                return InputTensors.TiedToHead;
            }
        }

        return InputTensors.LookedUp;
    }

    private static WeightShare End(Tensor tensor, WeightFormat format, in Shard shard, in QuantizerFacts facts, bool isCopy)
    {
        long bytes = format.Encode(QuantizerPlaces.Of(tensor, 0, 0, facts)).SizeOf(tensor.Matrices);
        return shard.Of(bytes, tensor, tensor.Kind, default, 1, isCopy);
    }

    private static WeightShare Sum(Architecture a, Block block, WeightFormat format, in Shard shard, in QuantizerFacts facts)
    {
        int held = shard.LayersOf(block);
        if (held == 0)
        {
            return default;
        }

        (CachedState cache, long queriesPerKey) = KeysOf(block);
        WeightShare sum = default;
        foreach (Tensor tensor in block.Tensors)
        {
            if (tensor.TiedTo is not null)
            {
                continue;
            }

            long bytes = Stored(a, block, tensor, format, shard, facts).Bytes;
            // What all layers of a block share is there once a stage.
            bool isCopy = !tensor.IsPerLayer && block.Layers[0] < shard.FirstLayer;
            sum = sum.Plus(shard.Of(bytes, tensor, tensor.Kind, cache, queriesPerKey, isCopy));
        }

        return sum;
    }

    /// <summary>A tensor as a scheme stores it in the layers of its block that a shard holds, before the shard divides
    /// it.</summary>
    public static TensorStorage Stored(Architecture a, Block block, Tensor tensor, WeightFormat format, in Shard shard,
        in QuantizerFacts facts)
    {
        if (!tensor.IsPerLayer)
        {
            return TensorStorage.Of(format.Encode(QuantizerPlaces.Of(tensor, 0, 0, facts)), tensor, 1);
        }

        return format.VariesByLayer(tensor.Kind)
            ? LayerByLayer(a, block, tensor, format, shard, facts)
            : TensorStorage.Of(
                format.Encode(QuantizerPlaces.Of(tensor, block.Layers[0], 0, facts)), tensor, shard.LayersOf(block));
    }

    /// <summary>Bytes of what an engine holds a second time while it loads: query, key and value matrices, and of the layer with
    /// the largest experts their first matrices, which it stacks.</summary>
    public static (long Projections, long StackedExperts) Fused(Architecture a, WeightFormat weights, in Shard shard)
    {
        long sum = 0, experts = 0;
        foreach (Block block in a.Blocks)
        {
            long stacked = 0, held = shard.LayersOf(block);
            foreach (Tensor tensor in block.Tensors)
            {
                if (held == 0 && tensor.Role != TensorRole.Expert)
                {
                    continue;
                }

                MatrixKind kind = tensor.Kind;
                bool projects = kind is MatrixKind.Query or MatrixKind.Key or MatrixKind.Value;
                if (projects || (tensor.Role == TensorRole.Expert && kind == MatrixKind.Up))
                {
                    long bytes = weights.Encode(QuantizerPlaces.Of(tensor, 1, 0, default)).SizeOf(tensor.Matrices);
                    sum += projects ? held * bytes / shard.TensorDegree : 0;
                    stacked += projects ? 0 : bytes;
                }
            }

            experts = Math.Max(experts, stacked);
        }

        return (sum, experts);
    }

    /// <summary>How a scheme stores a tensor at a layer.</summary>
    public static TensorEncoding EncodingAt(Architecture a, Tensor tensor, int layer, WeightFormat format,
        in QuantizerFacts facts) => format.Encode(tensor.IsPerLayer
            ? QuantizerPlaces.Of(tensor, layer, QuantizerPlaces.Below(facts, a, layer, tensor.Kind), facts)
            : QuantizerPlaces.Of(tensor, 0, 0, facts));

    private static TensorStorage LayerByLayer(Architecture a, Block block, Tensor tensor, WeightFormat format, in Shard shard,
        in QuantizerFacts facts)
    {
        TensorStorage sum = default, one = default;
        TensorEncoding? last = null;
        foreach (int layer in block.Layers)
        {
            if (layer >= shard.FirstLayer && layer < shard.EndLayer)
            {
                TensorEncoding encoding = EncodingAt(a, tensor, layer, format, facts);
                one = ReferenceEquals(encoding, last) ? one : TensorStorage.Of(encoding, tensor, 1);
                (sum, last) = (sum.Plus(one), encoding);
            }
        }

        return sum;
    }

    /// <summary>What the attention of a block caches, and query heads that share a key head.</summary>
    public static (CachedState Cache, long QueriesPerKey) KeysOf(Block block)
    {
        foreach (SequenceMixer mixer in block.Mixers)
        {
            if (mixer.Cache is { Heads: > 0 } cache)
            {
                return (cache, mixer.ParallelHeads / cache.Heads);
            }
        }

        return (default, 1);
    }
}
