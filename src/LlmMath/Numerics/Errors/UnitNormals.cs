namespace LlmMath.Numerics;

/// <summary>Numbers drawn from the normal distribution of mean 0 and variance 1, the same for the same seed wherever they are
/// made.</summary>
public static class UnitNormals
{
    /// <summary>Fills a span with numbers from a place in the sequence on. Box and Muller's transform of a counter hashed by
    /// SplitMix64.</summary>
    /// <param name="values">Where they go.</param>
    /// <param name="seed">Which sequence.</param>
    /// <param name="start">How many numbers of the sequence come before, 0 or more.</param>
    /// <remarks>Sources: Box and Muller, "A Note on the Generation of Random Normal Deviates" (1958); Steele, Lea and Flood,
    /// "Fast Splittable Pseudorandom Number Generators" (2014).</remarks>
    public static void Fill(Span<float> values, long seed = 0, long start = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        for (int i = 0; i < values.Length; i++)
        {
            ulong counter = unchecked(Mix((ulong)seed) + ((ulong)(start + i) * 2));
            double radius = Math.Sqrt(-2 * Math.Log(Uniform(counter))), angle = 2 * Math.PI * Uniform(unchecked(counter + 1));
            values[i] = (float)(radius * Math.Cos(angle));
        }
    }

    // Above 0 and at most 1: 53 bits of the hash.
    private static double Uniform(ulong counter) => ((Mix(counter) >> 11) + 1) * (1.0 / (1UL << 53));

    private static ulong Mix(ulong x)
    {
        unchecked
        {
            x = (x + 1) * 0x9E37_79B9_7F4A_7C15;
            x = (x ^ (x >> 30)) * 0xBF58_476D_1CE4_E5B9;
            x = (x ^ (x >> 27)) * 0x94D0_49BB_1331_11EB;
            return x ^ (x >> 31);
        }
    }
}
