using System.Globalization;
using LlmMath.Cli;

namespace LlmMath.Benchmarks;

/// <summary>The command line: <c>--against PEER</c> (one or more), <c>--rounds N</c> and <c>--set NAME</c>.</summary>
internal static class Arguments
{
    public static (string[] Against, int Rounds, string Set) Of(string[] args)
    {
        var against = new List<string>();
        int rounds = 15;
        string set = "floors";
        for (int i = 0; i < args.Length; i += 2)
        {
            string value = i + 1 < args.Length ? args[i + 1] : throw new CliException($"{args[i]}: a value is missing.");
            switch (args[i])
            {
                case "--against":
                    against.Add(value);
                    break;
                case "--rounds" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out rounds)
                    && rounds > 0:
                    break;
                case "--set":
                    set = value;
                    break;
                default:
                    throw new CliException(
                        $"{args[i]} {value}: known are --against ggml=DIR, --against "
                            + $"openblas, --rounds N and --set floors, blocks or vectors.");
            }
        }

        return against.Count > 0 ? ([.. against], rounds, set)
            : throw new CliException("--against ggml=DIR or --against openblas: a ratio needs a peer.");
    }
}
