using LlmMath.Basics;

namespace LlmMath.Planning;

/// <summary>Where a figure was read, and on what terms it may be passed on.</summary>
/// <param name="Where">An address, or a repository, a commit and a file, that a stranger can follow.</param>
/// <param name="Licence">The licence of the source; of a price list of one's own, what it says itself.</param>
public sealed record Citation(string Where, string Licence)
{
    /// <summary>Of figures that whoever asks gave.</summary>
    internal static Citation Own { get; } = new("given by whoever asks", "one's own");

    /// <summary>Every member by its name.</summary>
    public override string ToString() => RecordText.Of(nameof(Citation), PrintMembers);
}
