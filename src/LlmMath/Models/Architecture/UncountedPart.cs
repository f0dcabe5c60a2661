namespace LlmMath.Architectures;

/// <summary>A part that a config names and a count leaves out.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The same in words: <c>vision tower (vision_config)</c>.</param>
public sealed record UncountedPart(PartKind Kind, string Text)
{
    /// <summary>The words.</summary>
    public override string ToString() => Text;
}
