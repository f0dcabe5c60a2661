using System.Globalization;
using System.Text;

namespace LlmMath.Engines.Kernels;

/// <summary>Corrections of kernels as text: an even number of -92 to 90 is one character, any other stands in digits between two
/// spaces. There are hundreds of thousands of them, nearly all small.</summary>
internal static class CorrectionText
{
    /// <summary>The largest number either way.</summary>
    public const int Most = 300;

    private const string Even = "!#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~";

    private static readonly int s_zero = Even.IndexOf('P');

    /// <summary>Numbers as text.</summary>
    public static string Write(IEnumerable<int> numbers)
    {
        var text = new StringBuilder();
        foreach (int number in numbers)
        {
            int place = (number / 2) + s_zero;
            _ = number % 2 == 0 && place >= 0 && place < Even.Length
                ? text.Append(Even[place])
                : text.Append(' ').Append(number.ToString(CultureInfo.InvariantCulture)).Append(' ');
        }

        return text.ToString();
    }

    /// <summary>Numbers of a text; null where it is none.</summary>
    public static List<int>? Read(string text)
    {
        var numbers = new List<int>(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            int end = text[i] == ' ' ? text.IndexOf(' ', i + 1) : i;
            int number = (Even.IndexOf(text[i]) - s_zero) * 2;
            bool isCharacter = end == i && number >= s_zero * -2;
            if (!isCharacter && !(end > i && IsWritten(text.Substring(i + 1, end - i - 1), out number)))
            {
                return null;
            }

            numbers.Add(number);
            i = end;
        }

        return numbers;
    }

    private static bool IsWritten(string digits, out int number) =>
        int.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number)
            && number is >= -Most and <= Most;
}
