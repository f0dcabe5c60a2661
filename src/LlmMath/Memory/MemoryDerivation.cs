using LlmMath.Architectures;
using LlmMath.Models.Counting;
using LlmMath.Placement;
using LlmMath.Placement.Cache;
using LlmMath.Placement.Shards;
using static LlmMath.Basics.NumberText;

namespace LlmMath.Memory;

/// <summary>Writes an estimate's working.</summary>
internal static class MemoryDerivation
{
    public static ValueList<DerivationLine> Of(in MemoryEstimate estimate)
    {
        PlacedModel on = estimate.Deployment.Placed;
        SequenceLoad load = estimate.Workload.Load;
        Parallelism placement = on.Of.Placement;
        var lines = new List<DerivationLine>();
        long total = 0;
        void Add(string term, string formula, long value)
        {
            if (value != 0)
            {
                total = checked(total + value);
                lines.Add(new(term, formula, value, total));
            }
        }

        string over = placement.Gpus == 1 ? "" : $", over {placement}";
        WeightDerivation.Add(estimate, Add);
        AddCache(on, load, estimate.KeyValueCache.Bytes, over, Add);
        if (on.Engine is { Memory: not null } engine)
        {
            Add("activations",
                $"the largest pass of {engine.Name}: up to "
                + Short(engine.Pass.Tokens ?? ((double)load.Requests * load.Prompt)) + " tokens"
                + (estimate.Host.Bytes > 0 ? "; inputs and masks in system memory" : ""),
                estimate.Activations.Bytes);
            ByteRange runtime = on.Runtime;
            Add("runtime", $"{N(placement.Gpus)} × {engine.Name}'s context, graphs, buffers and tables, seen between "
                + $"{runtime.Low} and {runtime.High}"
                + (estimate.RotaryTable.Bytes > 0 ? $"; {estimate.RotaryTable} of it rotary tables, logged as weights" : ""),
                estimate.Runtime.Bytes);
        }

        foreach (MemoryAddition addition in on.Of.Additions)
        {
            Add(addition.Name, addition.Formula, addition.Size.Bytes * placement.Data);
        }

        Add("rounding", "additions divided over GPUs", estimate.Total.Bytes - total);
        return [.. lines];
    }

    // One line a kind of layer, as far as one GPU holds the whole; else one for all.
    private static void AddCache(PlacedModel on, SequenceLoad load, long whole, string over, Action<string, string, long> add)
    {
        if (on.Of.Placement.Gpus > 1)
        {
            add("cached state", $"{N(load.Requests)} sequences × {N(load.Context)} tokens{over}", whole);
            return;
        }

        CacheLayout layout = on.Layout;
        foreach (Block block in on.Architecture.Blocks)
        {
            foreach (SequenceMixer mixer in block.Mixers)
            {
                CachedState cache = mixer.Cache;
                if (block.IsEncoder)
                {
                    continue;
                }

                long tokens = layout.Tokens(cache, load.Context, load.EncoderTokens);
                long each = layout.TokenBytes(cache, Shard.Whole);
                string where = $"{N(block.Layers.Count)} layers ({CountDerivation.Ranges(block.Layers)})";
                add($"keys and values of {where}", $"{N(load.Requests)} × {N(block.Layers.Count)} × {N(tokens)} "
                    + (cache.TokensPerEntry == 1 ? "tokens × " : $"entries of {N(cache.TokensPerEntry)} tokens × ")
                    + $"({N(cache.KeyElements)} {layout.Keys} + {N(cache.ValueElements)} {layout.Values}"
                    + (cache.IndexElements > 0 ? $" + {N(cache.IndexElements)} indexer" : "") + $" = {N(each)} bytes)",
                    checked(each * tokens * block.Layers.Count * load.Requests));
                add($"states of {where}", $"{N(load.Requests)} × {N(block.Layers.Count)} × ({N(cache.StateElements)} + "
                    + $"{N(cache.ConvolutionElements)} elements)",
                    checked(layout.StateBytes(cache, Shard.Whole) * block.Layers.Count * load.Requests));
            }
        }
    }
}
