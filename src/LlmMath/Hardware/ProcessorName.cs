using System.Text.RegularExpressions;

namespace LlmMath.Hardware;

/// <summary>Names of processors as /proc/cpuinfo, sysctl and Windows print them: "13th Gen Intel(R) Core(TM) i9-13900K",
/// "AMD Ryzen 9 7950X 16-Core Processor".</summary>
internal static class ProcessorName
{
    // Longer names are none.
    private const int MostLength = 128;

    private static readonly Regex s_noise = new(
        @"\((r|tm)\)|@.*|with radeon.*|w/ radeon.*|\d+(st|nd|rd|th) gen|\d+-cores?|[a-z]+-core|processor( cores)?|cpu|intel|amd",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    /// <summary>A name's words without those that tell no processor from another.</summary>
    /// <param name="name">A name.</param>
    public static string Plain(string name) => name.Length > MostLength ? name
        : string.Join(" ", Basics.NameWords.Of(s_noise.Replace(name.Replace("+", " plus "), " ")));
}
