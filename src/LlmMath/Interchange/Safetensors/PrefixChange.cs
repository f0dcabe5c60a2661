namespace LlmMath.Interchange;

/// <summary>How the names of a checkpoint differ from a definition's in their first parts: read off the embedding, which every
/// checkpoint has.</summary>
/// <param name="Expected">The definition's prefix, up to a dot, or empty.</param>
/// <param name="Stored">What the checkpoint has instead.</param>
internal sealed record PrefixChange(string Expected, string Stored)
{
    /// <summary>Finds the change by the stored name that shares most of the embedding's last parts.</summary>
    public static PrefixChange Between(string embedding, IEnumerable<string> stored)
    {
        string[] parts = embedding.Split('.');
        string? best = null;
        int bestShared = 1;
        foreach (string name in stored)
        {
            int shared = SharedParts(parts, name.Split('.'));
            if (shared > bestShared || (shared == bestShared && best is not null && name.Length < best.Length))
            {
                (best, bestShared) = (name, shared);
            }
        }

        return best is null || best == embedding
            ? new PrefixChange("", "")
            : new PrefixChange(Prefix(parts, bestShared), Prefix(best.Split('.'), bestShared));
    }

    /// <summary>The names under which a tensor may stand, the likeliest first.</summary>
    public IEnumerable<string> Names(string name)
    {
        yield return name.StartsWith(Expected, StringComparison.Ordinal) ? Stored + name.Substring(Expected.Length) : name;
        yield return name;
    }

    /// <summary>The stored tensor of a name, or null.</summary>
    public StoredTensor? Find(string name, Dictionary<string, StoredTensor> stored)
    {
        foreach (string candidate in Names(name))
        {
            if (stored.TryGetValue(candidate, out StoredTensor? tensor))
            {
                return tensor;
            }
        }

        return null;
    }

    private static int SharedParts(string[] a, string[] b)
    {
        int shared = 0;
        while (shared < a.Length && shared < b.Length && a[a.Length - 1 - shared] == b[b.Length - 1 - shared])
        {
            shared++;
        }

        return shared;
    }

    private static string Prefix(string[] parts, int shared) =>
        string.Concat(parts.Take(parts.Length - shared).Select(part => part + "."));
}
