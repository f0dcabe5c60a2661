namespace LlmMath.Planning.Search;

/// <summary>For each limit of a time the least that it must be, and what serves then.</summary>
internal sealed class NearestTimes
{
    private readonly Dictionary<DropReason, NearestTime> _least = [];

    /// <summary>The least of a limit; infinite where nothing meets the others.</summary>
    public NearestTime Of(DropReason limit) => _least.GetValueOrDefault(limit, NearestTime.None);

    /// <summary>Takes in what is less; of equals, the first candidate counts.</summary>
    public void Take(NearestTimes found)
    {
        foreach ((DropReason limit, NearestTime time) in found._least)
        {
            Take(limit, time);
        }
    }

    /// <summary>Takes in a time where it is less.</summary>
    public void Take(DropReason limit, in NearestTime time)
    {
        NearestTime least = Of(limit);
        if (time.Seconds < least.Seconds || (time.Seconds == least.Seconds && time.Number < least.Number))
        {
            _least[limit] = time;
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear() => _least.Clear();
}

/// <summary>A time that a limit must be at least.</summary>
/// <param name="Seconds">The time.</param>
/// <param name="By">What serves then; null for nothing.</param>
/// <param name="Number">Its number among all candidates.</param>
internal readonly record struct NearestTime(double Seconds, Candidate? By, long Number)
{
    /// <summary>None.</summary>
    public static NearestTime None => new(double.PositiveInfinity, null, long.MaxValue);
}
