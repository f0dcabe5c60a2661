using System.Collections.Immutable;

namespace LlmMath.Generators;

/// <summary>The names of an entry, without its contents: what an index and a clash are made of.</summary>
internal sealed record EntryName(DefinitionKind Kind, string Path, string Name, string Id, string Member)
{
    /// <summary>Other spellings that find the entry.</summary>
    public ValueList<string> Aliases { get; init; } = [];

    public static EntryName Of(Entry entry) => new(entry.Kind, entry.Path, entry.Name, entry.Id, entry.Member)
    {
        Aliases = entry.Aliases,
    };

    public static ValueList<EntryName> Sorted(ImmutableArray<EntryName> names) =>
        [.. names.OrderBy(name => name.Name, StringComparer.Ordinal).ThenBy(name => name.Path, StringComparer.Ordinal)];
}

/// <summary>An entry whose member is already taken.</summary>
/// <param name="Late">The entry.</param>
/// <param name="Message">Who took it, and what to do.</param>
internal sealed record Clash(EntryName Late, string Message)
{
    /// <summary>The entries that come too late for their member: after a built-in name, or after another definition. Names that
    /// differ in case alone clash too, since a file system or a reader may not tell them apart.</summary>
    public static ValueList<Clash> Find(ValueList<EntryName> names, ValueList<TakenName> builtIn)
    {
        var taken = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (TakenName name in builtIn)
        {
            taken[$"{name.Kind}.{name.Member}"] = name.Owner;
        }

        var clashes = new List<Clash>();
        foreach (EntryName name in names)
        {
            string member = $"{name.Kind}.{name.Member}";
            if (taken.TryGetValue(member, out string? owner))
            {
                clashes.Add(new Clash(name, $"\"{name.Name}\" becomes {name.Member}, a name that {owner} has taken. "
                    + "Rename the file, or give the item another Name."));
            }
            else
            {
                taken[member] = System.IO.Path.GetFileName(name.Path);
            }
        }

        return [.. clashes];
    }
}
