namespace LlmMath.Basics;

/// <summary>Names as tools and people write them: "RTX 4090" and "rtx-4090", "llama3.1:8b" and "llama-3.1-8b" have the same
/// words.</summary>
internal static class NameWords
{
    /// <summary>Runs of letters and runs of digits, in small letters: 4060ti is 4060 and ti.</summary>
    public static IEnumerable<string> Of(string name)
    {
        string text = name.ToLowerInvariant();
        for (int start = 0; start < text.Length;)
        {
            int end = start + 1;
            while (end < text.Length && Kind(text[end]) == Kind(text[start]))
            {
                end++;
            }

            if (Kind(text[start]) > 0)
            {
                yield return text.Substring(start, end - start);
            }

            start = end;
        }
    }

    private static int Kind(char sign) => char.IsLetter(sign) ? 1 : char.IsDigit(sign) ? 2 : 0;
}
