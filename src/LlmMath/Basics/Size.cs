namespace LlmMath.Basics;

/// <summary>Sizes of a model's parts: as wide as any reader takes them, so that the product of two, and twice that, has a
/// number; what is made of more says so here.</summary>
internal static class Size
{
    /// <summary>A size that is in range.</summary>
    /// <param name="value">The size.</param>
    /// <param name="name">The member that holds it.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not 0 to 2³¹ − 1.</exception>
    public static long Of(long value, string name) => value is >= 0 and <= int.MaxValue ? value
        : throw new ArgumentOutOfRangeException(name, value, "A size is 0 to 2,147,483,647.");

    /// <summary>A product.</summary>
    /// <param name="name">The member that it is.</param>
    /// <param name="a">A factor.</param>
    /// <param name="b">Another.</param>
    /// <param name="c">A third.</param>
    /// <exception cref="EstimateException">It exceeds 2⁶³ − 1.</exception>
    public static long Product(string name, long a, long b, long c = 1)
    {
        try
        {
            return checked(a * b * c);
        }
        catch (OverflowException error)
        {
            throw EstimateException.TooLarge(name, "the product of its sizes", error);
        }
    }

    /// <summary>A sum.</summary>
    /// <param name="name">The member that it is.</param>
    /// <param name="a">A summand.</param>
    /// <param name="b">Another.</param>
    /// <exception cref="EstimateException">It exceeds 2⁶³ − 1.</exception>
    public static long Sum(string name, long a, long b)
    {
        try
        {
            return checked(a + b);
        }
        catch (OverflowException error)
        {
            throw EstimateException.TooLarge(name, "the sum of its sizes", error);
        }
    }
}
