using System.CommandLine;

namespace LlmMath.Cli.Commands;

/// <summary>Options that several verbs have.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json() => new("--json") { Description = "Write JSON for a program instead of a table." };

    public static Option<string?> Plot(string what) => new("--plot")
    {
        Description = $"Draw {what} into an SVG, or a PNG where a program draws one, beside the answer.", HelpName = "FILE.svg",
    };
}
