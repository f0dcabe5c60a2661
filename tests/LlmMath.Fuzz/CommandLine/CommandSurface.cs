using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using LlmMath.Cli;
using static LlmMath.Fuzz.PropertyException;

namespace LlmMath.Fuzz.CommandLine;

/// <summary>The command's lines, in this process.</summary>
internal static partial class CommandSurface
{
    public static Surface Surface { get; } = new("command-line",
        "every verb but `bench`: status 0, 2 or 3 and no exception; with `--json` valid JSON; no NaN, no infinity; with "
        + "status 2 and no answer one line of error; no control character reaches the terminal", Try);

    private static bool Try(Trial trial)
    {
        (string[] args, string input) = Lines.Next(trial.Random);
        trial.Input = () => $"{string.Join(' ', args.Select(arg => JsonSerializer.Serialize(arg)))} < "
            + $"{JsonSerializer.Serialize(input)}"
            + Environment.NewLine + Files.Shown;
        using StringWriter output = new(CultureInfo.InvariantCulture), error = new(CultureInfo.InvariantCulture);
        using var standardInput = new StringReader(input);
        int status = LlmMathCommand.Run(args, output, error, standardInput);
        Check(args, status, output.ToString(), error.ToString());
        trial.Did("status " + status.ToString(CultureInfo.InvariantCulture));
        trial.Did("characters written", output.GetStringBuilder().Length);
        return status != ExitStatus.BadInput;
    }

    private static void Check(string[] args, int status, string output, string error)
    {
        Require(status is ExitStatus.Done or ExitStatus.BadInput or ExitStatus.No, "the status is 0, 2 or 3", status);
        RequireVisible(output);
        RequireVisible(error);
        Require(NoNumber().Matches(output).All(word => args.Any(arg => arg.Contains(word.Value, StringComparison.Ordinal))),
            "no NaN or infinity is printed, but of an argument", output);
        int lines = error.Count(static c => c == '\n');
        bool isAnswered = output.Length > 0;
        bool asksSeveral = args.Length > 0 && args[0] is "params" or "memory";
        Require(status != ExitStatus.BadInput || isAnswered || lines == 1 || (asksSeveral && lines > 0 && lines < args.Length),
            "status 2 is one line of error, or one a model", error);
        Require(status == ExitStatus.BadInput || isAnswered || args.Contains("--requests"), "an answer is written", error);
        bool asksHelp = args.Any(static arg => arg is "--help" or "-h" or "-?" or "/?" or "--version" or "/h");
        if (isAnswered && !asksHelp && args.Contains("--requests"))
        {
            foreach (string line in output.TrimEnd().Split('\n'))
            {
                RequireJson(line);
            }
        }
        else if (isAnswered && !asksHelp && args.TakeWhile(static arg => arg != "--").Contains("--json"))
        {
            RequireJson(output);
        }
    }

    private static void RequireJson(string text)
    {
        try
        {
            JsonDocument.Parse(text).Dispose();
        }
        catch (JsonException problem)
        {
            throw new PropertyException($"JSON is valid: {problem.Message}: {text}");
        }
    }

    private static void RequireVisible(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            bool isHalf = char.IsHighSurrogate(c) ? i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1])
                : char.IsLowSurrogate(c) && (i == 0 || !char.IsHighSurrogate(text[i - 1]));
            bool steers = (char.IsControl(c) && c != '\n') || c is '\u2028' or '\u2029' or (>= '\u202a' and <= '\u202e')
                or (>= '\u2066' and <= '\u2069');
            Require(!isHalf && !steers, "no control character is written", (i, (int)c, text));
        }
    }

    // But where an error quotes what a file holds.
    [GeneratedRegex(@"(?<!\\""|[\w./-])(NaN|-?Infinity|-?∞)(?![\w./])")]
    private static partial Regex NoNumber();
}
