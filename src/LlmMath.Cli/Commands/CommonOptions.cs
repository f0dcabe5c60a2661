using System.CommandLine;

namespace LlmMath.Cli.Commands;

/// <summary>Options that several verbs have.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json() => new("--json") { Description = "Write JSON for a program instead of a table." };
}
