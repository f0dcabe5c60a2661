using System.Collections.Immutable;

namespace LlmMath.Generators;

/// <summary>The names of an entry, without its contents: what an index and a clash are made of.</summary>
internal sealed record EntryName(DefinitionKind Kind, string Path, string Name, string Id, string Member)
{
    /// <summary>Names that the catalogs themselves have.</summary>
    private static readonly string[] Reserved = ["All", "Find", "Entries"];

    public static ValueList<EntryName> Sorted(ImmutableArray<EntryName> names) =>
        [.. names.OrderBy(name => name.Name, StringComparer.Ordinal).ThenBy(name => name.Path, StringComparer.Ordinal)];

    /// <summary>The entry that took this one's member before it, or null. Files on disk that differ in case alone clash too.</summary>
    public static EntryName? Earlier(ValueList<EntryName> names, EntryName name)
    {
        if (Reserved.Contains(name.Member, StringComparer.OrdinalIgnoreCase))
        {
            return name with { Path = "the catalog itself" };
        }

        foreach (EntryName other in names)
        {
            if (other.Kind == name.Kind && string.Equals(other.Member, name.Member, StringComparison.OrdinalIgnoreCase))
            {
                return ReferenceEquals(other, name) || other == name ? null : other;
            }
        }

        return null;
    }

    /// <summary>Paths of the entries that come too late for their name.</summary>
    public static ValueList<string> Clashes(ValueList<EntryName> names)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return [.. names.Where(name => Reserved.Contains(name.Member, StringComparer.OrdinalIgnoreCase)
            || !taken.Add(name.Kind + "." + name.Member)).Select(name => name.Path)];
    }
}
