using System.ComponentModel;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using LlmMath.Basics;

namespace LlmMath;

/// <summary>An entry of a catalog: its names, and how to make it when it is asked for.</summary>
/// <typeparam name="T">What the catalog holds.</typeparam>
/// <param name="Name">The entry's name: <c>opt-350m</c>.</param>
/// <param name="Id">Its other name, as published: <c>facebook/opt-350m</c>.</param>
/// <param name="Make">Gives the entry, the same one each time.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record CatalogEntry<T>(string Name, string Id, Func<T> Make)
{
    /// <summary>Further names that find the entry, where no other entry has them as its name or id.</summary>
    public ValueList<string> Aliases { get; init; } = [];
}

/// <summary>Entries by name. An entry is made when it is asked for, not before.</summary>
/// <typeparam name="T">What the catalog holds.</typeparam>
[DebuggerDisplay("{_entries.Length} entries")]
public sealed class Catalog<T>
{
    private readonly CatalogEntry<T>[] _entries;

    /// <summary>Makes a catalog; generated code does.</summary>
    /// <param name="entries">The entries.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public Catalog(params CatalogEntry<T>[] entries) => _entries = [.. entries];

    /// <summary>The entries' names, in order.</summary>
    public IEnumerable<string> Names => _entries.Select(entry => entry.Name);

    /// <summary>Every entry, made now.</summary>
    public ValueList<T> All => [.. _entries.Select(entry => entry.Make())];

    /// <summary>The entry of a name, an id or an alias, in any case.</summary>
    /// <param name="name"><c>opt-350m</c>, <c>facebook/opt-350m</c>.</param>
    /// <exception cref="UnknownNameException">There is no such entry; the error lists the nearest.</exception>
    public T Find(string name) => TryFind(name, out T? entry) ? entry
        : throw new UnknownNameException(name, "is not in the catalog", "Entries", [.. Names]);

    /// <summary>The entry of a name, an id or an alias, in any case, if there is one.</summary>
    /// <param name="name"><c>opt-350m</c>, <c>facebook/opt-350m</c>.</param>
    /// <param name="entry">The entry.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryFind(string name, [NotNullWhen(true)] out T? entry)
    {
        ArgumentNullException.ThrowIfNull(name);
        foreach (CatalogEntry<T> candidate in _entries)
        {
            if (IsSame(candidate.Name, name) || IsSame(candidate.Id, name))
            {
                entry = candidate.Make()!;
                return true;
            }
        }

        CatalogEntry<T>? other = Array.Find(_entries, candidate => candidate.Aliases.Any(alias => IsSame(alias, name)));
        entry = other is null ? default : other.Make();
        return other is not null;
    }

    /// <summary>The only entry whose name, id or an alias is the same once it is spelt plainly; none where there are
    /// several.</summary>
    /// <param name="name">A name as people write it.</param>
    /// <param name="plain">Spells a name plainly.</param>
    /// <param name="entry">The entry.</param>
    internal bool TryFind(string name, Func<string, string> plain, [NotNullWhen(true)] out T? entry)
    {
        if (TryFind(name, out entry))
        {
            return true;
        }

        string asked = plain(name);
        CatalogEntry<T>[] same = [.. _entries.Where(candidate =>
            candidate.Aliases.Append(candidate.Name).Append(candidate.Id).Any(other => IsSame(plain(other), asked)))];
        entry = same.Length == 1 ? same[0].Make() : default;
        return entry is not null;
    }

    private static bool IsSame(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    /// <summary>The names nearest to one, the nearest first, at most five.</summary>
    /// <param name="name">A name, perhaps misspelt.</param>
    public IReadOnlyList<string> Nearest(string name) => EditDistance.Nearest(name, Names);
}
