namespace LlmMath.Planning.Search;

/// <summary>Counts what fell out, by reason.</summary>
internal sealed class Tally
{
    private readonly long[] _counts = new long[Enum.GetValues<DropReason>().Length];

    /// <summary>What fell out, the most first.</summary>
    public ValueList<Drop> Drops => [.. _counts.Select((count, reason) => new Drop((DropReason)reason, count))
        .Where(drop => drop.Count > 0).OrderByDescending(drop => drop.Count).ThenBy(drop => drop.Reason)];

    /// <summary>Counts what another counted.</summary>
    public void Add(Tally other)
    {
        for (int reason = 0; reason < _counts.Length; reason++)
        {
            _counts[reason] += other._counts[reason];
        }
    }

    /// <summary>Counts so many, if they fell out.</summary>
    public void Add(DropReason? reason, int count)
    {
        if (reason is { } known)
        {
            _counts[(int)known] += count;
        }
    }
}
