using LlmMath.Architectures;

namespace LlmMath.Placement.Cache;

/// <summary>Which models a format of the cache is for.</summary>
internal static class CacheCheck
{
    /// <summary>Refuses what no engine has: formats that keep keys and values by different means, for one of the two alone or for
    /// layers that cache neither.</summary>
    /// <exception cref="EstimateException">So it is; the error says what to do instead.</exception>
    public static void Require(Architecture a, CacheFormat keys, CacheFormat values)
    {
        if (!keys.LeavesEnds && !values.LeavesEnds)
        {
            return;
        }

        string name = (keys.LeavesEnds ? keys : values).Name;
        if (keys != values)
        {
            throw new EstimateException("Keys",
                $"{name} is a format of keys and values together; keys are in {keys}, values in {values}.", "Give it for both.");
        }

        if (a.Blocks.SelectMany(block => block.Mixers).Any(mixer => mixer.Cache.IsCompressed))
        {
            throw new EstimateException("Keys",
                $"{name} keeps keys and values of heads; {a.Family} caches vectors of which both are made.", "Give fp8 or bf16.");
        }
    }
}
