using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using LlmMath.Cli.Commands;
using LlmMath.Cli.Output;

namespace LlmMath.Cli;

/// <summary>The <c>llmmath</c> command: its verbs, and the exit status.</summary>
internal static class LlmMathCommand
{
    /// <summary>Runs a command line.</summary>
    /// <returns>0 done; 2 bad usage or unreadable input; 3 the answer is no.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter error, TextReader? input = null)
    {
        using LineWriter answers = LineWriter.ForAnswers(output), errors = LineWriter.ForErrors(error);
        try
        {
            return RunTo(args, answers, errors, input);
        }
        catch (CliException problem)
        {
            errors.WriteLine("llmmath: " + problem.Message);
            return ExitStatus.BadInput;
        }
        catch (OutputException problem) when (problem.IsClosedPipe)
        {
            return ExitStatus.Done;
        }
        catch (OutputException problem)
        {
            errors.WriteLine("llmmath: the answer cannot be written: " + problem.Message);
            return ExitStatus.BadInput;
        }
    }

    private static int RunTo(string[] args, LineWriter output, LineWriter error, TextReader? input)
    {
        // Not a RootCommand: that would call itself by its assembly's name.
        var root = new Command("llmmath",
            "What a language model costs: exact parameter counts from a catalog, a config.json or a checkpoint's header.")
        {
            new HelpOption(),
            new VersionOption(),
            ModelsCommand.Create(output),
            GpusCommand.Create(output),
            ParamsCommand.Create(output, error),
            InspectCommand.Create(output),
            MemoryCommand.Create(output, error),
            QuantizeCommand.Create(output, error),
            SpeedCommand.Create(input ?? Console.In, output, error),
            BenchCommand.Create(output, error),
        };
        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            error.WriteLine("llmmath: " + Usage(parsed));
            return ExitStatus.BadInput;
        }

        return parsed.Invoke(new() { Output = output, Error = error, EnableDefaultExceptionHandler = false });
    }

    // One line, and the verbs where none was recognized: what stands first on the line is what the user meant.
    private static string Usage(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        string verbs = string.Join(", ", command.Subcommands.Select(verb => verb.Name));
        string help = $"See: {string.Join(' ', Path(parsed.CommandResult))} --help";
        if (verbs.Length > 0)
        {
            return parsed.UnmatchedTokens.Count == 0
                ? $"a verb is needed: {verbs}. {help}"
                : $"\"{parsed.UnmatchedTokens[0]}\" is not a verb: {verbs}."
                    + $"{Suggestion.For(parsed.UnmatchedTokens[0], command.Subcommands.Select(verb => verb.Name))} {help}";
        }

        if (parsed.UnmatchedTokens.FirstOrDefault(token => token.StartsWith('-')) is { } option)
        {
            return $"{CommonOptions.Unknown(option, command)} {help}";
        }

        // What is wrong with an option or an argument may be why others are left over.
        return parsed.Errors.FirstOrDefault(error => error.SymbolResult is not CommandResult) is { } wrong
            ? $"{Missing(wrong) ?? Words(wrong)}. {help}"
            : parsed.UnmatchedTokens.Count > 0 ? $"\"{parsed.UnmatchedTokens[0]}\" is one argument too many. {help}"
            : $"{Words(parsed.Errors[0])}. {help}";
    }

    private static string? Missing(ParseError error) => error.SymbolResult switch
    {
        ArgumentResult { Tokens.Count: 0 } argument => $"{argument.Argument.Name} is needed",
        OptionResult { Tokens.Count: 0 } option => $"{option.Option.Name} needs a value",
        _ => null,
    };

    private static string Words(ParseError error) => Numbers(string.Join(
        ' ', error.Message.Split(['\n', '\r', '\t', ' '], StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.'));

    // The parser names .NET's types.
    private static string Numbers(string problem)
    {
        int type = problem.IndexOf(" as expected type '", StringComparison.Ordinal);
        return type < 0 ? problem
            : problem[type..].Contains("Int", StringComparison.Ordinal)
                ? problem[..type] + ": a whole number of a usual size is needed"
            : problem[type..].Contains("Double", StringComparison.Ordinal) ? problem[..type] + ": a number is needed"
            : problem;
    }

    private static IEnumerable<string> Path(CommandResult result) =>
        result.Parent is CommandResult parent ? Path(parent).Append(result.Command.Name) : [result.Command.Name];
}

/// <summary>What <c>llmmath</c> exits with.</summary>
internal static class ExitStatus
{
    public const int Done = 0;
    public const int BadInput = 2;
    public const int No = 3;
}

/// <summary>Bad usage or unreadable input, in one line.</summary>
internal sealed class CliException(string message, Exception? inner = null) : Exception(message, inner);
