namespace LlmMath.Placement.Shards;

/// <summary>Ascending numbers of layers.</summary>
internal static class Ascending
{
    /// <summary>How many of them are less than a number, found by halving.</summary>
    public static int Below(ReadOnlySpan<int> ascending, int number)
    {
        int low = 0, high = ascending.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = ascending[middle] < number ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
