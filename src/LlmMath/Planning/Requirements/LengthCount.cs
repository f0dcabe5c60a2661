namespace LlmMath.Planning.Requirements;

/// <summary>Counts lengths in bins each 2 % wider than the one before: some 1,000 whatever their number. The mean is
/// exact.</summary>
internal sealed class LengthCount
{
    private const double Width = 1.02;
    private readonly SortedDictionary<int, (long Count, double Sum)> _bins = [];
    private long _count;

    public void Add(double tokens)
    {
        int bin = (int)Math.Floor(Math.Log(tokens) / Math.Log(Width));
        (long count, double sum) = _bins.GetValueOrDefault(bin);
        _bins[bin] = (count + 1, sum + tokens);
        _count++;
    }

    public TokenLengths Lengths() => TokenLengths.Histogram(
        [.. _bins.Values.Select(bin => new LengthBin(bin.Sum / bin.Count, (double)bin.Count / _count))]);
}
