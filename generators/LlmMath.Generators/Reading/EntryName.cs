using System.Collections.Immutable;

namespace LlmMath.Generators;

/// <summary>The names of an entry, without its contents: what an index and a clash are made of.</summary>
internal sealed record EntryName(DefinitionKind Kind, string Path, string Name, string Id, string Member)
{
    public static ValueList<EntryName> Sorted(ImmutableArray<EntryName> names) =>
        [.. names.OrderBy(name => name.Name, StringComparer.Ordinal).ThenBy(name => name.Path, StringComparer.Ordinal)];
}

/// <summary>An entry whose member is already taken.</summary>
/// <param name="Path">The entry's file.</param>
/// <param name="Message">Who took it, and what to do.</param>
internal sealed record Clash(string Path, string Message)
{
    /// <summary>Names that the catalogs themselves have.</summary>
    private static readonly string[] s_reserved = ["All", "Find", "Entries"];

    /// <summary>The entries that come too late for their member: after a built-in of the library, or after another definition. Names that
    /// differ in case alone clash too, since a file system or a reader may not tell them apart.</summary>
    public static ValueList<Clash> Find(ValueList<EntryName> names, ValueList<string> builtIn)
    {
        var taken = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string member in builtIn)
        {
            taken[member] = "the library's own catalog";
        }

        var clashes = new List<Clash>();
        foreach (EntryName name in names)
        {
            string member = $"{name.Kind}.{name.Member}";
            string? owner = s_reserved.Contains(name.Member, StringComparer.OrdinalIgnoreCase) ? "the catalog itself"
                : taken.TryGetValue(member, out string? earlier) ? earlier
                : null;
            if (owner is null)
            {
                taken[member] = System.IO.Path.GetFileName(name.Path);
            }
            else
            {
                clashes.Add(new Clash(name.Path, $"\"{name.Name}\" becomes {name.Member}, a name that {owner} has taken. Rename the file, or give the item another Name."));
            }
        }

        return [.. clashes];
    }
}
