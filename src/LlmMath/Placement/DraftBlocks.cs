using LlmMath.Architectures;
using LlmMath.Models.Families;
using LlmMath.Placement.Cache;
using LlmMath.Placement.Shards;
using LlmMath.Placement.Weights;

namespace LlmMath.Placement;

/// <summary>A model's own blocks for multi-token prediction as one GPU holds them: what drafting takes beside the
/// model.</summary>
/// <param name="weights">Bytes of their weights.</param>
/// <param name="cached">Their layers, by what they cache: as the model's last layer does.</param>
internal sealed class DraftBlocks(long weights, CachedLayers[] cached)
{
    public long Weights => weights;

    public CachedLayers[] Cached => cached;

    /// <summary>The blocks without the model: what it shares with them, the embedding and the head, is not among them; null where
    /// the model has none.</summary>
    public static Architecture? Alone(Architecture a)
    {
        if (a.Additions.FirstOrDefault(other => other.Kind == PartKind.MultiTokenPrediction) is not { } addition)
        {
            return null;
        }

        Block last = a.Blocks.First(other => !other.IsEncoder && other.Layers.Contains(a.LayerCount - 1));
        var block = new Block { Layers = addition.Layers, Mixers = last.Mixers, FeedForwards = [], Tensors = addition.Tensors };
        return a with { Inputs = [], Blocks = [block], Outputs = [] };
    }

    /// <summary>What is to be said where tokens are drafted and nothing that drafts is counted; null elsewhere.</summary>
    public static string? Missing(Deployment on) =>
        on.Additions.Any(Drafts) || Alone(on.Model.Architecture) is not null ? null
            : $"{on.Model.Name} has no blocks of its own that draft: what a draft model or a head for it (EAGLE) holds is not "
                + "counted.";

    private static bool Drafts(MemoryAddition addition) =>
        addition.IsDraft || addition.Kind == PartKind.MultiTokenPrediction;

    /// <summary>What a GPU of a stage holds of them: nothing but with the last layer, or where they were added by hand.</summary>
    public static DraftBlocks? Of(PlacedModel on, in Shard shard)
    {
        if (shard.EndLayer < on.Architecture.LayerCount || Alone(on.Architecture) is not { } alone
            || on.Of.Additions.Any(Drafts))
        {
            return null;
        }

        Shard all = shard with { FirstLayer = 0, EndLayer = int.MaxValue };
        return new(WeightFold.Sum(alone, on.Format, all), CacheFold.Layers(alone, on.Layout, all));
    }

    /// <summary>Bytes of the cache of so many sequences.</summary>
    public long CacheOf(PlacedModel on, in SequenceLoad load, int batch) =>
        batch * CacheFold.Sum(cached, on.Layout, load.Context, load.EncoderTokens);
}
