using Spectre.Console;

namespace LlmMath.Cli.Output;

/// <summary>Breaks text into lines: at spaces, and after the hyphens, underscores and slashes of long names; never within a
/// number.</summary>
internal static class Wrapping
{
    /// <summary>The width of the widest piece that is not broken, in columns of the screen.</summary>
    public static int Least(string text) => Pieces(text).Select(piece => piece.TrimEnd().GetCellWidth()).DefaultIfEmpty().Max();

    /// <summary>The text in lines of a width at most; a piece that is wider stands on a line of its own.</summary>
    public static IEnumerable<string> Lines(string text, int width)
    {
        string line = "";
        foreach (string piece in Pieces(text))
        {
            if (line.Length > 0 && (line + piece).TrimEnd().GetCellWidth() > width)
            {
                yield return line.TrimEnd();
                line = "";
            }

            line += piece;
        }

        yield return line.TrimEnd();
    }

    // Each with the spaces behind it.
    private static IEnumerable<string> Pieces(string text)
    {
        int start = 0;
        for (int i = 1; i < text.Length; i++)
        {
            bool isNewWord = text[i - 1] == ' ' && text[i] != ' ';
            bool isWithinName = text[i - 1] is '-' or '_' or '/' && i >= 2 && char.IsLetterOrDigit(text[i - 2])
                && char.IsLetterOrDigit(text[i]);
            if (isNewWord || isWithinName)
            {
                yield return text[start..i];
                start = i;
            }
        }

        yield return text[start..];
    }
}
