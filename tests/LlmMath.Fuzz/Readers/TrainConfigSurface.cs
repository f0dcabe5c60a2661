using System.Globalization;
using System.Text;
using LlmMath.Cli;
using LlmMath.Cli.Tests;
using LlmMath.Cli.TrainConfig;
using LlmMath.Tests.Interchange;
using static LlmMath.Fuzz.PropertyException;

namespace LlmMath.Fuzz.Readers;

/// <summary>Configuration files of training programs.</summary>
internal static class TrainConfigSurface
{
    private const string File = "file";

    private static readonly string[] s_values =
    [
        "auto", "null", "~", "", "0", "-1", "1e15", "1e999", "9223372036854775807", "0.5", "NaN", "true", "[]", "{}", "[1, [2]]",
        "&a x", "*a", "&a [*a]", "{<<: *a}", "!!python/object:os.system x", "q_proj", "[q_proj, 1]", "\"\\ud800\"", "2000000000",
    ];

    public static Surface Surface { get; } = new("readers/train-config",
        "`train --config`: options, or one line of error that names the file; what is read is answered by the verb with status 0, "
        + "2 or 3", Try, 64 << 20);

    private static bool Try(Trial trial)
    {
        byte[] text = Next(trial.Random);
        trial.Input = () => Encoding.UTF8.GetString(text);
        string error;
        try
        {
            var answer = ConfigAnswer.Of([ConfigFiles.Of(File, text)], new Dictionary<string, string>(), 2048);
            error = trial.Random.OneIn(20) ? Asked(answer) : "";
            trial.Did("answered", error.Length == 0 ? 0 : 1);
            return true;
        }
        catch (CliException problem)
        {
            error = problem.Message;
        }

        Require(error.StartsWith(File + ": ", StringComparison.Ordinal), "an error names its file", error);
        Require(error.Length <= 1000 && !error.Contains('\n', StringComparison.Ordinal), "an error is a line", error);
        return false;
    }

    // Where the verb is told the same as the file says.
    private static string Asked(ConfigAnswer answer)
    {
        using StringWriter output = new(CultureInfo.InvariantCulture), error = new(CultureInfo.InvariantCulture);
        int status = LlmMathCommand.Run(["train", "qwen3-0.6b", "--gpu", "l4", .. answer.Arguments], output, error);
        Require(status is ExitStatus.Done or ExitStatus.BadInput or ExitStatus.No, "the status is 0, 2 or 3", status);
        Require(error.ToString().Count(sign => sign == '\n') <= 1, "an error is a line", error);
        return "answered";
    }

    private static byte[] Next(Random random)
    {
        string text = random.Pick(TrainConfigSamples.All);
        switch (random.Next(8))
        {
            case 0:
                return random.Bytes(Encoding.UTF8.GetBytes(text));
            case 1:
                return Encoding.UTF8.GetBytes(Nested(random, text));
            case 2:
                return Encoding.UTF8.GetBytes(JsonWriting.Write(random.Pick(Configs.All)));
            default:
                for (int change = random.Next(1, 4); change > 0; change--)
                {
                    text = Changed(random, text);
                }

                return Encoding.UTF8.GetBytes(text);
        }
    }

    // A value in place of another, a line gone, twice or of another file.
    private static string Changed(Random random, string text)
    {
        List<string> lines = [.. text.Split('\n')];
        int at = random.Next(lines.Count);
        int colon = lines[at].IndexOf(':', StringComparison.Ordinal);
        switch (random.Next(5))
        {
            case 0:
                lines.RemoveAt(at);
                break;
            case 1:
                lines.Insert(random.Next(lines.Count), lines[at]);
                break;
            case 2:
                lines.Insert(at, random.Pick(random.Pick(TrainConfigSamples.All).Split('\n')));
                break;
            case 3 when colon < 0:
                lines[at] += random.Text(8);
                break;
            default:
                lines[at] = (colon < 0 ? "" : lines[at][..(colon + 1)]) + " " + random.Pick(s_values)
                    + (lines[at].TrimEnd().EndsWith(',') ? "," : "");
                break;
        }

        return string.Join('\n', lines);
    }

    // Lists in lists, or anchors each of which stands for the last one twice.
    private static string Nested(Random random, string text)
    {
        int deep = random.Next(1, 60);
        return random.OneIn(2) ? $"a: {string.Concat(Enumerable.Repeat(random.OneIn(2) ? "[" : "{a: ", deep * 50))}\n{text}"
            : "a0: &a0 {x: 1}\n" + string.Concat(Enumerable.Range(1, deep).Select(step =>
                FormattableString.Invariant($"a{step}: &a{step} {{x: *a{step - 1}, y: *a{step - 1}}}\n"))) + text;
    }
}
