using LlmMath.Placement;

namespace LlmMath.Memory;

/// <summary>How many sequences a kind of GPU holds at once.</summary>
internal static class BatchRoom
{
    /// <summary>The most sequences looked for, of one replica.</summary>
    public const int Most = 1 << 20;

    // Steps by the cache's slope, before the search halves: activations bend the need, and are level from a full pass on.
    private const int SlopeSteps = 6;

    /// <summary>
    /// The most sequences of each replica that fit, at most as many as are asked for; 0 where not even one does. What n sequences
    /// need is at least what fewer need, and what their cache adds: from n that fit, n + spare ÷ cache of one is an upper bound;
    /// so that two or three sums mostly do, and one where all that are asked for fit. Allocates nothing.
    /// </summary>
    /// <param name="on">The deployment, on a GPU whose memory is known.</param>
    /// <param name="load">The sequences; their number does not matter.</param>
    /// <param name="most">Sequences asked for, 1 to <see cref="Most"/>.</param>
    public static int Of(PlacedModel on, in SequenceLoad load, int most = Most)
    {
        if (most < Most && Spare(on, load, most).Spare >= 0)
        {
            return most;
        }

        (long spare, long each) = Spare(on, load, 1);
        if (spare < 0)
        {
            return 0;
        }

        int fits = 1, fails = Math.Min(most < Most ? most : Most + 1, Bound(1, spare, each)), probe = fails - 1;
        for (int step = 0; fails - fits > 1; step++)
        {
            (spare, each) = Spare(on, load, probe);
            if (spare >= 0)
            {
                fits = probe;
                fails = Math.Min(fails, Bound(probe, spare, each));
                probe = fails - 1;
            }
            else
            {
                fails = probe;
                probe = each == 0 ? fits : (int)Math.Max(fits, probe - (-spare / each) - 1);
            }

            if (step >= SlopeSteps || probe <= fits || probe >= fails)
            {
                probe = fits + ((fails - fits) / 2);
            }
        }

        return fits;
    }

    /// <summary>The same with the part of one more for which there is room: what so many leave ÷ what one more takes. Cache is
    /// given out block by block, and sequences are of all lengths: on average so many run.</summary>
    public static double Mean(PlacedModel on, in SequenceLoad load, int most = Most)
    {
        int fits = Of(on, load, most);
        if (fits == 0 || fits == most)
        {
            return fits;
        }

        double spare = Spare(on, load, fits).Spare;
        return fits + (spare / (spare - Spare(on, load, fits + 1).Spare));
    }

    // The least number of sequences that surely does not fit.
    private static int Bound(int fits, long spare, long each) =>
        (int)Math.Min(Most + 1L, each == 0 ? Most + 1L : fits + (spare / each) + 1);

    // What so many sequences of a replica leave on the fullest GPU, and what of it one more takes there at least.
    private static (long Spare, long Each) Spare(PlacedModel on, in SequenceLoad load, int sequences)
    {
        int batch = (int)Math.Min(int.MaxValue, (long)sequences * on.Of.Placement.Data);
        // What exceeds 2⁶³ − 1 bytes does not fit.
        return InferenceFold.TrySum(on, load with { Requests = batch }) is { } sums
            ? (sums.Room(on.Engine, on.Of.Gpu!) - sums.Need(on.Of.Gpu!), sums.Fullest.Cache / sequences)
            : (-1, 0);
    }
}
