using LlmMath.Models.Families;
using LlmMath.Placement.Cache;
using LlmMath.Placement.Shards;

namespace LlmMath.Placement;

/// <summary>What one GPU of a stage holds, whatever is asked of the deployment.</summary>
/// <param name="Shard">Which part of the model.</param>
/// <param name="Weights">Bytes of its weights.</param>
/// <param name="Cached">Its layers, by what they cache.</param>
/// <param name="Projections">Bytes of its query, key and value matrices, where the engine fuses them; else 0.</param>
/// <param name="StackedExperts">Bytes of the largest layer's experts' first matrices, where the engine stacks them; else
/// 0.</param>
internal readonly record struct Stage(
    Shard Shard, long Weights, CachedLayers[] Cached, long Projections, long StackedExperts)
{
    /// <summary>What it holds beside them where tokens are drafted; null where it holds no such blocks.</summary>
    public DraftBlocks? Drafts { get; init; }
}
