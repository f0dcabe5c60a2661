using System.CommandLine;
using LlmMath.Cli.Commands;

namespace LlmMath.Cli;

/// <summary>The <c>llmmath</c> command: its verbs, and the exit status.</summary>
internal static class LlmMathCommand
{
    /// <summary>Runs a command line.</summary>
    /// <returns>0 done; 2 bad usage or unreadable input; 3 the answer is no.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        var root = new RootCommand("What a language model costs: exact parameter counts from a catalog, a config.json or a checkpoint's header.")
        {
            ModelsCommand.Create(output),
            GpusCommand.Create(output),
            ParamsCommand.Create(output, error),
            InspectCommand.Create(output),
            BenchCommand.Create(output, error),
        };
        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            error.WriteLine("llmmath: " + parsed.Errors[0].Message + " See: llmmath --help");
            return ExitStatus.BadInput;
        }

        try
        {
            return parsed.Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        }
        catch (CliException problem)
        {
            error.WriteLine("llmmath: " + problem.Message);
            return ExitStatus.BadInput;
        }
    }
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
