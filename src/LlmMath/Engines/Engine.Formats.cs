using LlmMath.Engines;

namespace LlmMath;

/// <content>Which formats it loads.</content>
public sealed partial record Engine
{
    /// <summary>Whether it loads weights of a format and has a cache of another.</summary>
    /// <param name="weights">The weights' format.</param>
    /// <param name="cache">The cache's format.</param>
    public bool Supports(WeightFormat weights, CacheFormat cache) => Loads(weights) && Caches(cache);

    /// <summary>What a format's name means for it: an engine of GGUF files alone that is asked for mxfp4, the format of
    /// checkpoints, is meant with mxfp4_moe, what such files hold.</summary>
    internal WeightFormat Meant(WeightFormat format) => format == WeightFormat.Mxfp4 && Load.Formats is { } loaded
        && loaded.Contains(FormatWords.Of(FormatGroup.Gguf)) && !loaded.Contains(FormatWords.Of(FormatGroup.Checkpoint))
        ? WeightFormat.Find("mxfp4_moe") : format;

    /// <summary>Whether it loads weights of a format.</summary>
    internal bool Loads(WeightFormat format)
    {
        if (Load.Formats is not { } loaded)
        {
            return true;
        }

        string group = FormatWords.Of(format.Group);
        foreach (string word in loaded)
        {
            if (word == format.Name || word == group)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether it has a cache of a format.</summary>
    internal bool Caches(CacheFormat format)
    {
        if (Load.Caches is not { } caches)
        {
            return true;
        }

        foreach (string name in caches)
        {
            if (name == format.Name)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Refuses formats that it lacks.</summary>
    /// <exception cref="EstimateException">It does not load the weights, or has no such cache; the error lists what it
    /// has.</exception>
    internal void Check(WeightFormat weights, CacheFormat keys, CacheFormat values)
    {
        if (!Loads(weights))
        {
            throw new EstimateException("Weights", $"{Name} does not load {weights.Name}.", "It loads: "
                + $"{string.Join(", ", WeightFormat.All.Where(Loads).Select(format => format.Name))}.");
        }

        CacheFormat? lacking = !Caches(keys) ? keys : !Caches(values) ? values : null;
        if (lacking is not null)
        {
            throw new EstimateException("Keys", $"{Name} has no {lacking.Name} cache.", "It has: "
                + $"{string.Join(", ", CacheFormat.All.Where(Caches).Select(format => format.Name))}.");
        }
    }
}
