using LlmMath.Architectures;
using LlmMath.Memory.Cache;
using LlmMath.Memory.Placement;
using LlmMath.Models.Counting;
using static LlmMath.Basics.NumberText;

namespace LlmMath.Memory;

/// <summary>Writes an estimate's working.</summary>
internal static class MemoryDerivation
{
    public static ValueList<DerivationLine> Of(in MemoryEstimate estimate)
    {
        InferenceSetup setup = estimate.Setup;
        Architecture a = estimate.Model.Architecture;
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

        string over = setup.Parallelism.Gpus == 1 ? "" : $", over {setup.Parallelism}";
        WeightDerivation.Add(estimate, Add);
        AddCache(a, setup, estimate.KeyValueCache.Bytes, over, Add);
        if (setup.Engine is { Memory: not null } engine)
        {
            Add("activations",
                $"the largest pass of {engine.Name}: up to "
                + Short(engine.Pass.Tokens ?? ((double)setup.Batch * (setup.PromptTokens ?? setup.Context))) + " tokens"
                + (estimate.Host.Bytes > 0 ? "; inputs and masks in system memory" : ""),
                estimate.Activations.Bytes);
            ByteRange runtime = InferenceFold.Runtime(a, engine, setup.Parallelism.Gpus);
            Add("runtime", $"{N(setup.Parallelism.Gpus)} × {engine.Name}'s context, graphs, buffers and tables, seen between "
                + $"{runtime.Low} and {runtime.High}"
                + (estimate.RotaryTable.Bytes > 0 ? $"; {estimate.RotaryTable} of it rotary tables, logged as weights" : ""),
                estimate.Runtime.Bytes);
        }

        foreach (MemoryAddition addition in (IEnumerable<MemoryAddition>)(setup.Additions ?? []))
        {
            Add(addition.Name, addition.Formula, addition.Size.Bytes * setup.Parallelism.Data);
        }

        Add("rounding", "additions divided over GPUs", estimate.Total.Bytes - total);
        return [.. lines];
    }

    // One line a kind of layer, as far as one GPU holds the whole; else one for all.
    private static void AddCache(Architecture a, InferenceSetup setup, long whole, string over, Action<string, string, long> add)
    {
        if (setup.Parallelism.Gpus > 1)
        {
            add("cached state", $"{N(setup.Batch)} sequences × {N(setup.Context)} tokens{over}", whole);
            return;
        }

        CacheLayout layout = InferenceFold.Layout(setup);
        foreach (Block block in a.Blocks)
        {
            foreach (SequenceMixer mixer in block.Mixers)
            {
                CachedState cache = mixer.Cache;
                if (block.IsEncoder)
                {
                    continue;
                }

                long tokens = layout.Tokens(cache, setup.Context, setup.EncoderTokens);
                long each = layout.TokenBytes(cache, Shard.Whole);
                string where = $"{N(block.Layers.Count)} layers ({CountDerivation.Ranges(block.Layers)})";
                add($"keys and values of {where}", $"{N(setup.Batch)} × {N(block.Layers.Count)} × {N(tokens)} "
                    + (cache.TokensPerEntry == 1 ? "tokens × " : $"entries of {N(cache.TokensPerEntry)} tokens × ")
                    + $"({N(cache.KeyElements)} {setup.Keys} + {N(cache.ValueElements)} {setup.Values}"
                    + (cache.IndexElements > 0 ? $" + {N(cache.IndexElements)} indexer" : "") + $" = {N(each)} bytes)",
                    checked(each * tokens * block.Layers.Count * setup.Batch));
                add($"states of {where}", $"{N(setup.Batch)} × {N(block.Layers.Count)} × ({N(cache.StateElements)} + "
                    + $"{N(cache.ConvolutionElements)} elements)",
                    checked(layout.StateBytes(cache, Shard.Whole) * block.Layers.Count * setup.Batch));
            }
        }
    }
}
