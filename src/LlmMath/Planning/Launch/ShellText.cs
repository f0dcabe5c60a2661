using System.Text;
using LlmMath.Basics;

namespace LlmMath.Planning.Launch;

/// <summary>Words of a command line as a POSIX shell has them. Source: IEEE Std 1003.1, Shell Command Language, 2.2
/// Quoting.</summary>
internal static class ShellText
{
    private const int MostCharacters = 1 << 20;

    /// <summary>The words, each quoted where it must be.</summary>
    public static string Join(IEnumerable<string> words) => string.Join(' ', words.Select(Quote));

    /// <summary>A word as a shell reads it back.</summary>
    public static string Quote(string word) => word.Length > 0 && word.All(IsPlain) ? word
        : "'" + word.Replace("'", "'\\''", StringComparison.Ordinal) + "'";

    /// <summary>The words of a plain command. What a shell would replace, run or redirect is refused.</summary>
    /// <exception cref="EstimateException">A quote is left open, or it is no plain command.</exception>
    public static string[] Split(string text)
    {
        if (text.Length > MostCharacters)
        {
            throw Wrong("at most 1,048,576 characters are right.");
        }

        var words = new List<string>();
        var word = new StringBuilder();
        bool isOpen = false;
        for (int at = 0; at < text.Length; at++)
        {
            char sign = text[at];
            switch (sign)
            {
                case ' ' or '\t' or '\r' or '\n':
                    End();
                    break;
                case '\'':
                    int close = text.IndexOf('\'', at + 1);
                    word.Append(text, at + 1, (close < 0 ? throw Wrong("a quote ' is left open.") : close) - at - 1);
                    (at, isOpen) = (close, true);
                    break;
                case '"':
                    (at, isOpen) = (Double(text, at, word), true);
                    break;
                case '\\' when at + 1 < text.Length:
                    // A backslash before the end of a line joins the lines.
                    at += text[at + 1] == '\r' && at + 2 < text.Length ? 2 : 1;
                    if (text[at] != '\n')
                    {
                        word.Append(text[at]);
                        isOpen = true;
                    }

                    break;
                case '$' or '`' or ';' or '|' or '&' or '<' or '>' or '(' or ')' or '*' or '?':
                    throw Wrong($"a plain command is right: a shell would do something with {sign}; put it in quotes ' '.");
                default:
                    word.Append(sign);
                    isOpen = true;
                    break;
            }
        }

        End();
        return [.. words];

        void End()
        {
            if (isOpen)
            {
                words.Add(word.ToString());
                word.Clear();
                isOpen = false;
            }
        }
    }

    // In double quotes a backslash keeps its meaning before $ ` " \ and the end of a line alone.
    private static int Double(string text, int from, StringBuilder word)
    {
        for (int at = from + 1; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '"':
                    return at;
                case '\\' when at + 1 < text.Length && text[at + 1] is '$' or '`' or '"' or '\\' or '\n':
                    word.Append(text[++at] == '\n' ? "" : text[at].ToString());
                    break;
                case '$' or '`':
                    throw Wrong($"a plain command is right: a shell would replace {text[at]}; put it in quotes ' '.");
                default:
                    word.Append(text[at]);
                    break;
            }
        }

        throw Wrong("a quote \" is left open.");
    }

    private static bool IsPlain(char sign) => char.IsAsciiLetterOrDigit(sign)
        || sign is '-' or '_' or '.' or '/' or ':' or '=' or ','
        or '@' or '+';

    private static EstimateException Wrong(string problem) => new("command", problem);
}
