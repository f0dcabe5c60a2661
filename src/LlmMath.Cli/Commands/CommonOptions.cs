using System.CommandLine;
using System.CommandLine.Parsing;
using LlmMath.Cli.Output;

namespace LlmMath.Cli.Commands;

/// <summary>Options that several verbs have.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json() => new("--json") { Description = "Write JSON for a program instead of a table." };

    /// <summary>A misspelt option must not be taken for a model's name.</summary>
    public static void RejectUnknownOptions(ArgumentResult models)
    {
        if (models.Tokens.FirstOrDefault(token => token.Value.StartsWith('-')) is { } option)
        {
            models.AddError(Unknown(option.Value, ((CommandResult)models.Parent!).Command));
        }
    }

    /// <summary>Says that a verb has no such option, and which it may have been.</summary>
    public static string Unknown(string option, Command command) => $"\"{option}\" is not an option here."
        + Suggestion.For(option, command.Options.Select(other => other.Name));
}
