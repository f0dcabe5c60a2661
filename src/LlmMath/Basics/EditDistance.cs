namespace LlmMath.Basics;

/// <summary>Nearest names for a misspelt one.</summary>
internal static class EditDistance
{
    /// <summary>Levenshtein distance without regard to case: insertions, deletions and substitutions from one string to the
    /// other. Strings beyond 128 characters count as far apart, so that hostile input costs nothing.</summary>
    public static int Between(string a, string b)
    {
        if (a.Length > 128 || b.Length > 128)
        {
            return int.MaxValue;
        }

        int[] previous = new int[b.Length + 1];
        int[] current = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++)
        {
            previous[j] = j;
        }

        for (int i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int substitution = previous[j - 1] + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1);
                current[j] = Math.Min(substitution, Math.Min(previous[j], current[j - 1]) + 1);
            }

            (previous, current) = (current, previous);
        }

        return previous[b.Length];
    }

    /// <summary>The names nearest to one, the nearest first, at most five; a name that contains it, or that it contains, counts
    /// as near.</summary>
    public static IReadOnlyList<string> Nearest(string name, IEnumerable<string> candidates) =>
        [.. candidates
            .Select(candidate => (candidate, distance: Distance(name, candidate)))
            .Where(pair => pair.distance <= Math.Max(2, name.Length / 2))
            .OrderBy(pair => pair.distance).ThenBy(pair => Between(name, pair.candidate))
            .ThenBy(pair => pair.candidate, StringComparer.Ordinal)
            .Take(5).Select(pair => pair.candidate)];

    private static int Distance(string name, string candidate)
    {
        string asked = name.Replace(' ', '-');
        bool contained = Contains(candidate, asked) || Contains(asked, candidate);
        return contained ? 1 : Between(name, candidate);

        static bool Contains(string whole, string part) => part.Length is >= 3 and <= 128 && whole.Length <= 256
            && whole.IndexOf(part, StringComparison.OrdinalIgnoreCase) >= 0;
    }
}
