using System.Globalization;
using System.Text;

namespace LlmMath.Cli.Output;

/// <summary>Text that a file or an argument gave, as a person may see it: names of files and tensors hold any character, and one
/// of them must neither break a line nor steer the terminal.</summary>
internal static class Visible
{
    /// <summary>The text with its control characters, line separators, direction marks and lone surrogates written out:
    /// <c>\n</c>, <c>\u001b</c>.</summary>
    public static string Of(string text) => text.All(c => c is >= ' ' and <= '~') ? text : Escaped(text);

    private static string Escaped(string text)
    {
        var visible = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            int length = i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]) ? 2 : 1;
            if (IsHidden(CharUnicodeInfo.GetUnicodeCategory(text, i)))
            {
                Escape(visible, text, i, length);
            }
            else
            {
                visible.Append(text, i, length);
            }

            i += length - 1;
        }

        return visible.ToString();
    }

    private static void Escape(StringBuilder visible, string text, int start, int length)
    {
        for (int i = start; i < start + length; i++)
        {
            visible.Append(text[i] switch
            {
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                char other => "\\u" + ((int)other).ToString("x4", CultureInfo.InvariantCulture),
            });
        }
    }

    private static bool IsHidden(UnicodeCategory category) => category is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate;
}
