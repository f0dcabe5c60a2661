namespace LlmMath.Interchange;

/// <summary>A field that a config left out, and the value that the family's reference implementation gives it.</summary>
/// <param name="Field">The field, as a path.</param>
/// <param name="Value">The default taken.</param>
public sealed record AssumedDefault(string Field, ConfigValue Value);
