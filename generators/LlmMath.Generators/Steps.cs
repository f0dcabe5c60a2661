namespace LlmMath.Generators;

/// <summary>Names of the pipeline's steps, by which tests see what stays cached.</summary>
internal static class Steps
{
    public const string Definitions = nameof(Definitions);
    public const string Entries = nameof(Entries);
    public const string Names = nameof(Names);
    public const string Members = nameof(Members);
}
