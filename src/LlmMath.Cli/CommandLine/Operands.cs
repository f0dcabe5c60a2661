using System.CommandLine;
using System.CommandLine.Parsing;
using LlmMath.Cli.Output;

namespace LlmMath.Cli;

/// <summary>What stands on a command line beside options: whatever follows <c>--</c>, and what does not begin with
/// <c>-</c>.</summary>
internal static class Operands
{
    private const string EndOfOptions = "--";

    /// <summary>The line with its verb in front: <c>-- params x</c> means <c>params -- x</c>, since a verb is no
    /// option.</summary>
    public static string[] VerbFirst(string[] args, Command root) =>
        args is [EndOfOptions, { } verb, ..] && root.Subcommands.Any(command => command.Name == verb)
            ? [verb, EndOfOptions, .. args[2..]]
            : args;

    /// <summary>A misspelt option, which must not be taken for a model's name; null where there is none.</summary>
    public static string? UnknownOption(ParseResult parsed)
    {
        HashSet<Token> after = new(
            parsed.Tokens.SkipWhile(token => token.Type != TokenType.DoubleDash), ReferenceEqualityComparer.Instance);
        IEnumerable<Token> taken = parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(result => result.Tokens);
        IEnumerable<Token> left = parsed.Tokens.Where(token => token.Type == TokenType.Argument
            && parsed.UnmatchedTokens.Contains(token.Value));
        Command command = parsed.CommandResult.Command;
        return taken.Concat(left).FirstOrDefault(token => token.Value.StartsWith('-') && !after.Contains(token)) is { } option
            ? $"\"{option.Value}\" is not an option here."
                + Suggestion.For(option.Value, command.Options.Select(other => other.Name))
            : null;
    }
}
