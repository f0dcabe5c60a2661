namespace LlmMath.Tests.House;

/// <summary>
/// A floor of the library, a folder of its sources, uses only those below it, and no two folders beside each other use each
/// other, not even by way of others. What stands in comments does not count.
/// </summary>
public class FloorTests
{
    private static readonly string[] s_floors =
    [
        "Basics", "Numerics", "Formats", "Models", "Hardware", "Interchange", "Engines", "Catalog", "Placement", "Memory",
        "Speed",
        "Training", "Planning",
    ];

    private const string Own = ".";

    private static readonly Use[] s_uses = [.. LibrarySources.Uses()];

    [Fact]
    public void AFloorUsesOnlyThoseBelowIt()
    {
        Assert.True(s_uses.Length > 1000, "The sources were not understood.");
        Assert.Empty(LibrarySources.Trees.Select(tree => Floor(LibrarySources.Folder(tree))).Distinct().Except(s_floors));
        AssertNone(Examples(s_uses.Where(use => Height(use.From) < Height(use.To))));
    }

    /// <summary>Folders beside each other, each with all that is in it. The files that stand in a folder itself count as one more
    /// beside its children; but a child that only its parent uses is a part of these files, and may use them.</summary>
    [Fact]
    public void FoldersBesideEachOtherGoOneWay()
    {
        IEnumerable<string> parents = s_uses.SelectMany(use => Parents(use.From)).Distinct();
        AssertNone(parents.SelectMany(Circle).Order(StringComparer.Ordinal));
    }

    private static void AssertNone(IEnumerable<string> arrows)
    {
        string[] found = [.. arrows];
        Assert.True(found.Length == 0, string.Join('\n', found));
    }

    private static IEnumerable<string> Circle(string parent)
    {
        HashSet<string> insides = Insides(parent);
        List<Use> between = [.. s_uses.Where(use => IsIn(use.From, parent) && IsIn(use.To, parent))
            .Select(use => use with { From = Child(use.From, parent), To = Child(use.To, parent) })
            .Where(use => use.From != use.To)
            .Where(use => !((use.From == Own || use.To == Own) && insides.Overlaps([use.From, use.To])))];
        HashSet<(string From, string To)> pairs = Reachable(between);
        return Examples(between.Where(use => pairs.Contains((use.To, use.From)))).Select(example => $"{parent}: {example}");
    }

    private static HashSet<string> Insides(string parent) =>
    [
        .. s_uses.Where(use => IsIn(use.To, parent) && use.To != parent).GroupBy(use => Child(use.To, parent))
            .Where(child => child.All(use => IsIn(use.From, parent))).Select(child => child.Key),
    ];

    // Every pair of folders of which the first uses the second, directly or by way of others.
    private static HashSet<(string From, string To)> Reachable(IEnumerable<Use> uses)
    {
        HashSet<(string From, string To)> pairs = [.. uses.Select(use => (use.From, use.To))];
        while (true)
        {
            int before = pairs.Count;
            pairs.UnionWith(pairs.Join(pairs, a => a.To, b => b.From, (a, b) => (a.From, b.To)).ToList());
            if (pairs.Count == before)
            {
                return pairs;
            }
        }
    }

    // The first places of each arrow.
    private static IEnumerable<string> Examples(IEnumerable<Use> uses) => uses.GroupBy(use => (use.From, use.To))
        .Select(arrow => $"{arrow.Key.From} -> {arrow.Key.To}: {string.Join("; ", arrow.Select(use => use.Where).Take(6))}");

    private static string Floor(string folder) => folder.Split('/')[0];

    private static int Height(string folder) => Array.IndexOf(s_floors, Floor(folder));

    private static bool IsIn(string folder, string parent) =>
        folder == parent || folder.StartsWith(parent + "/", StringComparison.Ordinal);

    /// <summary>The part of a parent that a folder below it belongs to: <see cref="Own"/> for the parent's own files.</summary>
    private static string Child(string folder, string parent) =>
        folder == parent ? Own : folder[(parent.Length + 1)..].Split('/')[0];

    /// <summary>Models/Families/Shared: itself, Models/Families and Models.</summary>
    private static IEnumerable<string> Parents(string folder)
    {
        for (int end = folder.Length; end > 0; end = folder.LastIndexOf('/', end - 1))
        {
            yield return folder[..end];
        }
    }
}
