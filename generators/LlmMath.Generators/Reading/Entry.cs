namespace LlmMath.Generators;

/// <summary>A definition that was read: names, and the C# that makes it. A value, so that a step whose result is equal stops
/// there.</summary>
/// <param name="Kind">What it describes.</param>
/// <param name="Path">Its file.</param>
/// <param name="Name">The entry's name: <c>opt-350m</c>.</param>
/// <param name="Id">Its other name: <c>facebook/opt-350m</c>.</param>
/// <param name="Member">The member's name: <c>Opt350m</c>.</param>
/// <param name="Summary">The figures for its XML doc.</param>
/// <param name="Expression">The C# expression that makes it.</param>
internal sealed record Entry(
    DefinitionKind Kind, string Path, string Name, string Id, string Member, string Summary, string Expression)
{
    /// <summary>Other spellings that find it.</summary>
    public ValueList<string> Aliases { get; init; } = [];
}

/// <summary>An entry, or what is wrong with its file.</summary>
internal sealed record EntryResult(Entry? Entry, DiagnosticInfo? Error);
