using LlmMath.Placement;

namespace LlmMath.Planning.Search;

/// <summary>Whether so many places are enough for requests that come at any time. While there is a place for each, the number
/// under way is spread as Poisson has it around L = λ · T (M/G/∞), so that L + z · √L places are enough for all but a share of
/// the time that z stands for; and people who wait for their answer ask nothing else, so that as many places as people are always
/// enough. Source: Little, 1961, for L; the normal approximation of Poisson's distribution, for L above some 5: below it, places
/// are rounded up. With z = 0, of a batch, every place is always taken.</summary>
internal readonly struct Occupancy
{
    private readonly double _rate, _most, _z;

    /// <summary>What one replica is asked.</summary>
    /// <param name="rate">Requests a second, λ.</param>
    /// <param name="most">Requests under way at once at most.</param>
    /// <param name="percentile">So often in a hundred there must be a place, 50 to below 100.</param>
    public Occupancy(double rate, double most, double percentile) =>
        (_rate, _most, _z) = (rate, most, Normal.Quantile(percentile / 100));

    /// <summary>Requests that may be under way in the mean where there are so many places: L of L + z · √L = places.</summary>
    public double Mean(double places)
    {
        double root = (Math.Sqrt((_z * _z) + (4 * places)) - _z) / 2;
        return root * root;
    }

    /// <summary>Whether one of so many replicas has places enough.</summary>
    /// <param name="replicas">Replicas, which share the load evenly.</param>
    /// <param name="places">Requests that each answers at once.</param>
    /// <param name="seconds">What an answer takes then.</param>
    public bool Bears(double replicas, double places, double seconds)
    {
        double mean = _rate * seconds / replicas;
        return mean <= Mean(places) * Looser || (_most <= places * replicas * Looser && mean <= places * Looser);
    }

    /// <summary>The fewest replicas that have places enough.</summary>
    /// <param name="places">Requests that each answers at once.</param>
    /// <param name="seconds">What an answer takes then.</param>
    public double Replicas(double places, double seconds)
    {
        double mean = _rate * seconds;
        double least = Math.Min(Math.Ceiling(mean / (Mean(places) * Slack)),
            Math.Max(Math.Ceiling(_most / places), Math.Ceiling(mean / (places * Slack))));
        return Math.Max(1, least);
    }

    // What division loses to rounding is no request.
    private const double Slack = 1 + 1e-9, Looser = 1 + 2e-9;
}
