namespace LlmMath.Planning;

/// <summary>A container image with an engine in it.</summary>
/// <param name="Form">The form that brings it along: <c>ray</c>, <c>dynamo</c>; empty for the engine's own.</param>
/// <param name="Version">The engine's version in it.</param>
/// <param name="Image">Its name, with its tag.</param>
/// <param name="Source">Where it was read.</param>
public sealed record LaunchImage(string Form, string Version, string Image, string Source)
{
    /// <summary>Its name, with its tag.</summary>
    public override string ToString() => Image;
}
