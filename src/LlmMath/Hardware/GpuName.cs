using System.Globalization;
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

    /// <summary>A name without the gigabytes of memory at its end, and these; null where it has none.</summary>
    /// <param name="name">A name: <c>RTX 4090 24GB</c>.</param>
    public static (string Name, int Gigabytes)? WithoutMemory(string name)
    {
        string text = name.TrimEnd();
        if (name.Length > MostLength || !text.EndsWith("gb", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        string before = text.Substring(0, text.Length - 2).TrimEnd();
        int digits = before.Length;
        while (digits > 0 && before[digits - 1] is >= '0' and <= '9')
        {
            digits--;
        }

        // Of "4090 24" the last number is memory; "4090" alone would be the name.
        string last = before.Substring(digits);
        return digits > 0 && !char.IsLetter(before[digits - 1])
            && int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out int gigabytes)
            ? (before.Substring(0, digits), gigabytes) : null;
    }

    private static string Bracketed(string name)
    {
        int open = name.LastIndexOf('['), close = name.LastIndexOf(']');
        return open >= 0 && close > open + 1 ? name.Substring(open + 1, close - open - 1) : name;
    }
}
