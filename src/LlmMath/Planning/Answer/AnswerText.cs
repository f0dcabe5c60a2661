using System.Text;

namespace LlmMath.Planning.Answer;

/// <summary>Writes an answer's parts as Markdown, or as one page of HTML that needs nothing else.</summary>
internal static class AnswerText
{
    private const string Style = "body{font:16px/1.5 system-ui,sans-serif;max-width:60em;margin:2em auto;padding:0 1em}"
        + "table{border-collapse:collapse}td,th{padding:.2em .8em;border-bottom:1px solid #ccc;text-align:right}"
        + "td:first-child,th:first-child{text-align:left}pre{overflow-x:auto;background:#f4f4f4;padding:.6em}";

    public static string Markdown(string title, IEnumerable<AnswerPart> parts)
    {
        var text = new StringBuilder($"# {Plain(title)}\n");
        foreach (AnswerPart part in parts)
        {
            Append(text, part.Heading is { } heading ? $"\n## {Plain(heading)}\n" : "");
            Append(text, part.Text is { } words ? $"\n{Plain(words)}\n" : "");
            // A fence is longer than any row of its sign in the text.
            Append(text, part.Code is { } code ? $"\n{Fence(code)}\n{code.TrimEnd()}\n{Fence(code)}\n" : "");
            if (part.Titles.Length > 0)
            {
                text.Append("\n| ").AppendJoin(" | ", part.Titles.Select(Plain)).Append(" |\n|---")
                    .Append(string.Concat(Enumerable.Repeat("|--:", part.Titles.Length - 1))).Append("|\n");
                foreach (string[] row in part.Rows)
                {
                    text.Append("| ").AppendJoin(" | ", row.Select(Plain)).Append(" |\n");
                }
            }

            Append(text, part.Items.Length > 0 ? "\n" : "");
            foreach (string item in part.Items)
            {
                text.Append("- ").Append(Plain(item)).Append('\n');
            }
        }

        return text.ToString();
    }

    public static string Html(string title, IEnumerable<AnswerPart> parts)
    {
        var text = new StringBuilder($"<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">"
            + "<meta name=\"viewport\" content=\"width=device-width\">"
            + $"<title>{Escaped(title)}</title><style>{Style}</style></head>\n<body>\n<h1>{Escaped(title)}</h1>\n");
        foreach (AnswerPart part in parts)
        {
            Append(text, part.Heading is { } heading ? $"<h2>{Escaped(heading)}</h2>\n" : "");
            Append(text, part.Text is { } words ? $"<p>{Escaped(words)}</p>\n" : "");
            Append(text, part.Code is { } code ? $"<pre>{Escaped(code.TrimEnd())}</pre>\n" : "");
            if (part.Titles.Length > 0)
            {
                text.Append("<table>\n").Append(Row("th", part.Titles));
                foreach (string[] row in part.Rows)
                {
                    text.Append(Row("td", row));
                }

                text.Append("</table>\n");
            }

            if (part.Items.Length > 0)
            {
                text.Append("<ul>\n");
                foreach (string item in part.Items)
                {
                    text.Append("<li>").Append(Escaped(item)).Append("</li>\n");
                }

                text.Append("</ul>\n");
            }
        }

        return text.Append("</body>\n</html>\n").ToString();
    }

    private static void Append(StringBuilder text, string more) => text.Append(more);

    private static string Fence(string code) => code.Contains("```", StringComparison.Ordinal)
        ? new('`', code.Length + 1) : "```";

    private static string Row(string cell, string[] cells) =>
        $"<tr>{string.Concat(cells.Select(one => $"<{cell}>{Escaped(one)}</{cell}>"))}</tr>\n";

    // Signs that Markdown would act on; names of models come from files of anybody.
    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (char sign in text)
        {
            plain.Append(sign switch
            {
                '\\' or '|' or '*' or '_' or '`' or '<' or '>' or '[' or ']' or '#' => $"\\{sign}",
                '\n' or '\r' => " ",
                _ => sign.ToString(),
            });
        }

        return plain.ToString();
    }

    private static string Escaped(string text) => System.Net.WebUtility.HtmlEncode(text);
}
