using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using LlmMath.Cli.Output;

namespace LlmMath.Cli;

/// <summary>Numbers on the command line are read alike in every country: a point before decimals, nothing between
/// thousands.</summary>
internal static partial class Numbers
{
    /// <summary>Makes every option of a command and of its verbs that takes a number read it so.</summary>
    public static void ReadAlike(Command command)
    {
        foreach (Option option in command.Options)
        {
            switch (option)
            {
                case Option<int> number: number.CustomParser = result => Whole<int>(result, 0); break;
                case Option<int?> number: number.CustomParser = result => Whole<int>(result, 0); break;
                case Option<int[]> numbers:
                    numbers.CustomParser = result => [.. result.Tokens.Select((_, i) => Whole<int>(result, i))];
                    break;
                case Option<long> number: number.CustomParser = result => Whole<long>(result, 0); break;
                case Option<long?> number: number.CustomParser = result => Whole<long>(result, 0); break;
                case Option<double> number: number.CustomParser = Real; break;
                case Option<double?> number: number.CustomParser = result => Real(result); break;
            }
        }

        foreach (Command verb in command.Subcommands)
        {
            ReadAlike(verb);
        }
    }

    /// <summary>Whether an option takes numbers.</summary>
    public static bool AreReadBy(Option option) => option.ValueType == typeof(int) || option.ValueType == typeof(int?)
        || option.ValueType == typeof(int[]) || option.ValueType == typeof(long) || option.ValueType == typeof(long?)
        || option.ValueType == typeof(double) || option.ValueType == typeof(double?);

    private static T Whole<T>(ArgumentResult result, int index)
        where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
    {
        string text = result.Tokens[index].Value;
        if (!T.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out T number))
        {
            result.AddError($"{Option(result)}: \"{text}\" is " + (
                !BigInteger.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out BigInteger beyond)
                    ? "no whole number" + (Grouped().IsMatch(text) ? $": write {Separator().Replace(text, "")}"
                        : ": digits alone are needed, as in 4096")
                : beyond.Sign < 0 ? $"too small: at least {Tables.N(long.CreateChecked(T.MinValue))} is needed"
                : $"too large: at most {Tables.N(long.CreateChecked(T.MaxValue))} is possible"));
        }

        return number;
    }

    private static double Real(ArgumentResult result)
    {
        string text = result.Tokens[0].Value, withPoint = text.Replace(',', '.');
        if (!TryReal(text, out double number))
        {
            result.AddError($"{Option(result)}: \"{text}\" is no number: "
                + (TryReal(withPoint, out _) ? $"write {withPoint}"
                    : "digits are needed, and a point before decimals, as in 0.9"));
        }

        return number;
    }

    private static bool TryReal(string text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    private static string Option(ArgumentResult result) => ((OptionResult)result.Parent!).Option.Name;

    // Thousands, as people write them: 8,192 or 8.192 or 8 192.
    [GeneratedRegex(@"^\d{1,3}([,._'\s]\d{3})+$", RegexOptions.CultureInvariant)]
    private static partial Regex Grouped();

    [GeneratedRegex(@"\D", RegexOptions.CultureInvariant)]
    private static partial Regex Separator();
}
