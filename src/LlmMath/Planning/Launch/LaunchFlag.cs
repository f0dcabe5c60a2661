namespace LlmMath.Planning;

/// <summary>A flag with which an engine is started.</summary>
/// <param name="Concept">What it sets: <c>context</c>, <c>requests</c>; in other words where estimates do not know it.</param>
/// <param name="Flag">Its spelling: <c>--max-model-len</c>.</param>
/// <param name="Aliases">Other spellings.</param>
/// <param name="TakesValue">Whether a value follows it.</param>
/// <param name="Values">What may follow; null where the source does not say.</param>
/// <param name="Note">Its default, and what a reader should know; null where there is nothing.</param>
/// <param name="Versions">The versions in which it was read.</param>
public sealed record LaunchFlag(string Concept, string Flag, ValueList<string> Aliases, bool TakesValue, string? Values,
    string? Note, ValueList<string> Versions)
{
    /// <summary>The spelling.</summary>
    public override string ToString() => Flag;
}
