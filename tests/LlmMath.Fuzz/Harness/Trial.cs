namespace LlmMath.Fuzz;

/// <summary>One input: the numbers that it is made from, and what was done with it.</summary>
/// <param name="random">The source of its numbers: the same for the same seed and number.</param>
/// <param name="work">What was done with all inputs so far.</param>
internal sealed class Trial(Random random, Dictionary<string, long> work)
{
    public Random Random { get; } = random;

    /// <summary>The input in words, for a failure's message.</summary>
    public Func<string> Input { get; set; } = static () => "";

    /// <summary>Notes work: what, and how much of it.</summary>
    public void Did(string what, long amount = 1) => work[what] = work.GetValueOrDefault(what) + amount;

    /// <summary>The trial of a seed and number, whatever came before it.</summary>
    public static Trial Of(int seed, long number, Dictionary<string, long> work) =>
        new(new Random((int)(Mixed(((ulong)(uint)seed << 32) ^ (ulong)number) >> 33)), work);

    // SplitMix64's output function (Steele, Lea, Flood 2014): neighbours become unlike.
    private static ulong Mixed(ulong z)
    {
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return z ^ (z >> 31);
    }
}

/// <summary>A property that does not hold.</summary>
internal sealed class PropertyException(string property) : Exception(property)
{
    /// <summary>Throws unless a property holds.</summary>
    public static void Require(bool holds, string property)
    {
        if (!holds)
        {
            throw new PropertyException(property);
        }
    }

    /// <summary>Throws unless a property holds; the words are made only then.</summary>
    public static void Require<T>(bool holds, string property, T seen)
    {
        if (!holds)
        {
            throw new PropertyException($"{property}: {seen}");
        }
    }
}
