using System.Text;

namespace LlmMath.Basics;

/// <summary>Members of an enum as words of JSON and of the command line.</summary>
internal static class Words
{
    /// <summary><c>WeightBandwidth</c> as <c>weight-bandwidth</c>.</summary>
    public static string Of<T>(T member)
        where T : struct, Enum
    {
        var words = new StringBuilder();
        foreach (char letter in member.ToString())
        {
            words.Append(char.IsUpper(letter) && words.Length > 0 ? "-" : "").Append(char.ToLowerInvariant(letter));
        }

        return words.ToString();
    }
}
