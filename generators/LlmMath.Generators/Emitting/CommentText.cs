using System.Globalization;
using System.Text;

namespace LlmMath.Generators;

/// <summary>Text of a definition inside a comment of generated code, XML or plain. C#, XML and editors do not agree on what ends
/// a line or a tag, so what is known to be harmless stands as it is and everything else as a character reference.</summary>
internal static class CommentText
{
    private const string Signs = " .,:;-_/+()·";

    /// <summary>The text on one line: ASCII letters and digits and <c>.,:;-_/+()·</c> as they are, all else as <c>&amp;#x…;</c>;
    /// what no XML document may hold as U+FFFD.</summary>
    public static string Of(string text)
    {
        var comment = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') || Signs.IndexOf(text[i]) >= 0)
            {
                comment.Append(text[i]);
            }
            else if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
            {
                Refer(comment, char.ConvertToUtf32(text[i], text[++i]));
            }
            else
            {
                Refer(comment, IsXml(text[i]) ? text[i] : '\uFFFD');
            }
        }

        return comment.ToString();
    }

    private static void Refer(StringBuilder comment, int codePoint) =>
        comment.Append("&#x").Append(codePoint.ToString("X", CultureInfo.InvariantCulture)).Append(';');

    // XML 1.0, production 2, of the characters that are no surrogate pair.
    private static bool IsXml(char c) => c is '\t' or '\n' or '\r' or (>= ' ' and < '\uD800') or (>= '\uE000' and <= '\uFFFD');
}
