using System.Globalization;
using System.Text;

namespace LlmMath.Cli.Output;

/// <summary>Text that a file or an argument gave, as a person may see it: names of files and tensors hold any character, and one
/// of them must neither break a line nor steer the terminal.</summary>
internal static class Visible
{
    /// <summary>The text with its control characters, line separators, direction marks and lone surrogates written out:
    /// <c>\n</c>, <c>\u001b</c>.</summary>
    public static string Of(string text) => text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0 ? text : Escaped(text);

    private static string Escaped(string text)
    {
        var visible = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
            {
                visible.Append(text, i++, 2);
                continue;
            }

            visible.Append(text[i] switch
            {
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                var other when IsHidden(other) => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)other:x4}"),
                var other => other.ToString(),
            });
        }

        return visible.ToString();
    }

    private static bool IsHidden(char c) => char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate;
}
