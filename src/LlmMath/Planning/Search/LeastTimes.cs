using LlmMath.Speed;

namespace LlmMath.Planning.Search;

/// <summary>Seconds that one request at a time takes at least, whatever the engine; all 0 where nothing was asked yet.</summary>
/// <param name="Longest">To the first token, of the longest prompt that a limit asks for.</param>
/// <param name="First">The same of a prompt of mean length.</param>
/// <param name="Inter">Between tokens.</param>
internal readonly record struct LeastTimes(double Longest, double First, double Inter)
{
    /// <summary>
    /// Seconds that a limited time is at its percentile, at least. With T these times, o what the engine takes beside and f how
    /// many times the expected time the percentile is: T(longest prompt) + o + (f − 1) · (T(mean prompt) + o), since an engine's
    /// percentile is E(longest) − E(mean) + f · E(mean) and E ≥ T + o; f · (T + o) between tokens; and of the whole answer
    /// T(longest prompt) + o and all tokens after the first, those more than the mean too.
    /// </summary>
    /// <param name="limit">Which.</param>
    /// <param name="demand">What is asked.</param>
    /// <param name="there">The engine on the GPU.</param>
    /// <param name="beside">What it takes beside.</param>
    public double Of(DropReason limit, Demand demand, in EngineThere there, in EngineOverhead beside) => limit switch
    {
        DropReason.InterTokenLatency => there.Inter * (Inter + beside.Inter),
        DropReason.TimeToFirstToken => Longest + beside.First + ((there.First - 1) * (First + beside.First)),
        _ => Longest + beside.First
            + ((demand.Workload.OutputTokens - 1 + demand.MoreOutput) * (Inter + beside.Inter)),
    };

    /// <summary>The limit that cannot hold even with one request at a time; null where all might.</summary>
    /// <param name="demand">What is asked.</param>
    /// <param name="there">The engine on the GPU.</param>
    /// <param name="beside">What it takes beside.</param>
    /// <param name="except">A limit that need not hold; null for none.</param>
    public DropReason? Breaks(Demand demand, in EngineThere there, in EngineOverhead beside, DropReason? except = null)
    {
        foreach (DropReason limit in TrialStep.Limits)
        {
            if (limit != except && Of(limit, demand, there, beside) > demand.LimitOf(limit)?.AtMost.TotalSeconds)
            {
                return limit;
            }
        }

        return null;
    }
}
