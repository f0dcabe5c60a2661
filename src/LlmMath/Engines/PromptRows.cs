using System.ComponentModel;
using LlmMath.Basics;

namespace LlmMath.Engines;

/// <summary>Tokens of a prompt that attention reads keys and values for at once, where its kernels read them from memory again
/// for the next ones.</summary>
/// <param name="Release">The release, a backend, whose kernels do so.</param>
/// <param name="Rows">Tokens, 1 or more.</param>
/// <param name="Vendor">Whose GPUs; null for those that no other line names.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record PromptRows(string Release, int Rows, string? Vendor = null)
{
    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(PromptRows), PrintMembers);
}
