namespace LlmMath.Hardware;

/// <summary>Names of accelerators as tools and people write them: "NVIDIA GeForce RTX 4090", "RTX4090" and "rtx-4090" are
/// one.</summary>
internal static class GpuName
{
    // A longer name is none; it costs nothing then.
    private const int MostLength = 128;

    // Words that tell no device from another, as nvidia-smi, rocm-smi and clinfo print them, and people leave them out.
    private static readonly string[] s_words =
    [
        "nvidia", "geforce", "rtx", "gtx", "tesla", "amd", "radeon", "rx", "instinct", "intel", "arc", "apple", "gpu", "graphics",
        "generation", "edition", "oam", "tm",
    ];

    /// <summary>A name's words and numbers in small letters and in one order, without those that every name of a vendor
    /// has.</summary>
    /// <param name="name">A name.</param>
    public static string Plain(string name) => name.Length > MostLength ? name
        : string.Join(" ", Words(name.ToLowerInvariant().Replace("(r)", ""))
            .Where(word => !s_words.Contains(word)).OrderBy(word => word, StringComparer.Ordinal));

    // Runs of letters and runs of digits: 4060ti is 4060 and ti.
    private static IEnumerable<string> Words(string text)
    {
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
