namespace LlmMath.Models.Quantization;

/// <summary>Names with <c>*</c> for any characters, dots among them.</summary>
internal static class Glob
{
    /// <summary>Whether a name is of a pattern. It steps back to the last <c>*</c> alone, so that the time is at most pattern ×
    /// name.</summary>
    public static bool Matches(string pattern, string name)
    {
        int p = 0, n = 0, star = -1, resume = 0;
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, resume) = (p++, n);
            }
            else if (p < pattern.Length && pattern[p] == name[n])
            {
                (p, n) = (p + 1, n + 1);
            }
            else if (star >= 0)
            {
                (p, n) = (star + 1, ++resume);
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && pattern[p] == '*')
        {
            p++;
        }

        return p == pattern.Length;
    }
}
