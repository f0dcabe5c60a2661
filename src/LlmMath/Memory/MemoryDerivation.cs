using LlmMath.Architectures;
using LlmMath.Engines;
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

        WeightDerivation.Add(estimate, Add);
        AddCache(on, load, estimate.KeyValueCache.Bytes - AddDrafted(on, load, Add), Add);
        if (on.Engine is { Memory: not null })
        {
            Add("activations", Activations(on, load), estimate.Activations.Bytes);
            Add("runtime", Runtime(on), estimate.Runtime.Bytes);
        }

        long beside = 0;
        foreach (MemoryAddition addition in on.Of.Additions)
        {
            long bytes = addition.Size.Bytes;
            beside += bytes;
            Add(addition.Name,
                placement.Data == 1 ? addition.Formula : $"{Times(placement.Data, "replicas")}({addition.Formula})",
                placement.Data * bytes);
        }

        Add("additions, each GPU's share in whole bytes",
            $"{N(placement.Gpus)} GPUs × {N(on.Additions)} bytes − {N(placement.Data)} × {N(beside)} bytes",
            estimate.Additions.Bytes - (placement.Data * beside));
        return [.. lines];
    }

    // Of blocks that draft, which stand with the last layer.
    private static long AddDrafted(PlacedModel on, SequenceLoad load, Action<string, string, long> add)
    {
        Parallelism over = on.Of.Placement;
        int batch = load.OfReplica(over.Data), gpus = over.Tensor * over.Data;
        if (!load.Drafts || on.Stages.FirstOrDefault(stage => stage.Drafts is not null).Drafts is not { } drafts)
        {
            return 0;
        }

        long bytes = gpus * drafts.CacheOf(on, load, batch);
        add("cache of multi-token prediction", Times(gpus, "GPUs") + Times(batch, "sequences")
            + $"({CachedLayers.Formula(drafts.Cached, on.Layout, load.Context, load.EncoderTokens)})", bytes);
        return bytes;
    }

    // One line a kind of layer, as far as one GPU holds the whole; else one for all.
    private static void AddCache(PlacedModel on, SequenceLoad load, long whole, Action<string, string, long> add)
    {
        CacheLayout layout = on.Layout;
        Parallelism over = on.Of.Placement;
        int batch = load.OfReplica(over.Data);
        if (over.Gpus > 1)
        {
            add("cached state", Times(over.Tensor * over.Data, "GPUs of each stage") + Times(batch, "sequences")
                + $"({Sum(on.Stages.Select(stage =>
                    CachedLayers.Formula(stage.Cached, layout, load.Context, load.EncoderTokens)))})", whole);
            return;
        }

        foreach (Block block in on.Architecture.Blocks)
        {
            foreach (CachedLayers layers in (block.IsEncoder ? [] : block.Mixers)
                .SelectMany(mixer => CacheFold.Layers(on.Architecture, block, mixer, layout, Shard.Whole)))
            {
                string where = $"{N(block.Layers.Count)} layers ({CountDerivation.Ranges(block.Layers)})";
                long states = layers.Held * layers.StateBytes;
                add($"keys and values of {where}",
                    Times(batch, "sequences") + layers.Tokens(layout, load.Context, load.EncoderTokens),
                    batch * (layers.At(layout, load.Context, load.EncoderTokens) - states));
                add($"states of {where}", Times(batch, "sequences") + layers.States, batch * states);
            }
        }
    }

    private static string Activations(PlacedModel on, SequenceLoad load)
    {
        Parallelism over = on.Of.Placement;
        int batch = load.OfReplica(over.Data);
        long host = InferenceFold.Host(on, load, batch).Activations;
        return Times(over.Tensor * over.Data, "GPUs of each stage")
            + "(" + (on.Engine!.Memory!.Buffers is null ? "0"
                : Sum(on.Stages.Select(stage => Activation.Of(on, stage, load, batch).Formula))) + ")"
            + (host > 0 ? $" + {Times(over.Data, "replicas")}{N(host)} bytes in system memory" : "");
    }

    private static string Runtime(PlacedModel on)
    {
        ReservePolicy reserve = on.Engine!.Memory!.Reserve;
        int gpus = on.Of.Placement.Gpus;
        return Times(gpus, "GPUs") + $"({N(reserve.Runtime.Expected.Bytes)} bytes"
            + (reserve.Graphs.Expected.Bytes > 0 ? $" + {N(reserve.Graphs.Expected.Bytes)} of graphs" : "")
            + (on.RotaryTable > 0 ? $" + {N(on.RotaryTable)} of rotary tables" : "")
            + (gpus > 1 && reserve.Communication.Expected.Bytes > 0
                ? $" + {N(reserve.Communication.Expected.Bytes)} of communication buffers"
                : "") + ")";
    }

    private static string Times(long number, string what) => number == 1 ? "" : $"{N(number)} {what} × ";

    // Equal stages together: 3 × (a) + b.
    private static string Sum(IEnumerable<string> stages) => string.Join(" + ", stages.GroupBy(formula => formula)
        .Select(same => same.Count() > 1 ? $"{N(same.Count())} stages × ({same.Key})" : same.Key));
}
