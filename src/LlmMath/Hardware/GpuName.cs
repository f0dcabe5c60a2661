using LlmMath.Basics;

namespace LlmMath.Hardware;

/// <summary>Names of accelerators as tools and people write them: "NVIDIA GeForce RTX 4090", "RTX4090" and "rtx-4090" are
/// one.</summary>
internal static class GpuName
{
    // A longer name is none; it costs nothing then.
    private const int MostLength = 192;

    // Words that tell no device from another, as nvidia-smi, rocm-smi and clinfo print them, and people leave them out.
    private static readonly string[] s_words =
    [
        "nvidia", "geforce", "rtx", "gtx", "tesla", "amd", "radeon", "rx", "instinct", "intel", "arc", "apple", "gpu", "graphics",
        "generation", "edition", "oam", "tm",
    ];

    /// <summary>A name's words and numbers in small letters and in one order, without those that every name of a vendor has; of
    /// a line of lspci, "NVIDIA Corporation AD102 [GeForce RTX 4090] (rev a1)", what stands last in brackets.</summary>
    /// <param name="name">A name.</param>
    public static string Plain(string name) => name.Length > MostLength ? name
        : string.Join(" ", NameWords.Of(Bracketed(name).ToLowerInvariant().Replace("(r)", ""))
            .Where(word => !s_words.Contains(word)).OrderBy(word => word, StringComparer.Ordinal));

    private static string Bracketed(string name)
    {
        int open = name.LastIndexOf('['), close = name.LastIndexOf(']');
        return open >= 0 && close > open + 1 ? name.Substring(open + 1, close - open - 1) : name;
    }
}
