using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Globalization;
using LlmMath.Cli.Commands;
using LlmMath.Cli.Output;

namespace LlmMath.Cli;

/// <summary>The <c>llmmath</c> command: its verbs, and the exit status.</summary>
internal static class LlmMathCommand
{
    private static readonly ParserConfiguration s_parser = new()
    {
        // An argument that begins with @ is an argument: it names no file whose lines would stand for it.
        ResponseFileTokenReplacer = null,
    };

    /// <summary>Runs a command line.</summary>
    /// <returns>0 done; 2 bad usage, unreadable input or too little memory; 3 the answer is no.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter error, TextReader? input = null)
    {
        // Numbers and the parser's own words are the same in every country; and for whoever calls this, theirs come back.
        (CultureInfo culture, CultureInfo words) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
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
        catch (Exception problem) when (MemoryLimit.IsReachedIn(problem))
        {
            errors.WriteLine("llmmath: out of memory: what was asked takes more than there is for this process.");
            return ExitStatus.BadInput;
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, words);
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
            EnginesCommand.Create(output),
            FormatsCommand.Create(output),
            ParamsCommand.Create(output, error),
            InspectCommand.Create(output),
            MemoryCommand.Create(output, error),
            QuantizeCommand.Create(output, error),
            SpeedCommand.Create(input ?? Console.In, output, error),
            TrainCommand.Create(output, error),
            StrategyCommand.Create(output, error),
            PlanCommand.Plan(output, error),
            PlanCommand.Compare(output, error),
            CostCommand.Create(output, error),
            TradeoffCommand.Create(output),
            QualityCommand.Create(output),
            CheckCommand.Create(output, error),
            CalibrateCommand.Create(output),
            DoctorCommand.Create(output),
            BenchCommand.Create(output, error),
        };
        Numbers.ReadAlike(root);
        if (Completions.Write(args, root, s_parser, output))
        {
            return ExitStatus.Done;
        }

        ParseResult parsed = root.Parse(Operands.VerbFirst(args, root), s_parser);
        if (parsed.Errors.Count > 0 || Operands.UnknownOption(parsed) is not null)
        {
            error.WriteLine("llmmath: " + Usage(parsed));
            return ExitStatus.BadInput;
        }

        try
        {
            return parsed.Invoke(new() { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        }
        catch (OverflowException problem)
        {
            throw new CliException(TooLarge(parsed), problem);
        }
    }

    // The numbers that were given are all that can have made others too large.
    private static string TooLarge(ParseResult parsed)
    {
        string[] given = [.. parsed.CommandResult.Children.OfType<OptionResult>()
            .Where(result => !result.Implicit && Numbers.AreReadBy(result.Option)).Select(result => result.Option.Name)];
        return (given.Length == 0 ? "" : string.Join(", ", given) + ": ") + "what follows is too large to be counted.";
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

        if (Operands.UnknownOption(parsed) is { } unknown)
        {
            return $"{unknown} {help}";
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

    private static string Words(ParseError error) => string.Join(
        ' ', error.Message.Split(['\n', '\r', '\t', ' '], StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.');

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
