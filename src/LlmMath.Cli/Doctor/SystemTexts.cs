using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace LlmMath.Cli.Doctor;

/// <summary>A GPU that a program of the system names.</summary>
/// <param name="Name">As it is printed.</param>
/// <param name="MemoryBytes">Bytes of its memory; null where it is not told.</param>
/// <param name="Driver">The driver's version; null where it is not told.</param>
/// <param name="From">The program or file.</param>
internal sealed record SeenGpu(string Name, long? MemoryBytes, string? Driver, string From);

/// <summary>Reads what programs and files of the system print, each as far as it can be understood.</summary>
internal static partial class SystemTexts
{
    // No machine has so many.
    private const int Most = 64;

    private static readonly char[] s_digits = [.. "0123456789"];

    // Where the clock is not told: that of a processor that is not a fast one.
    private const double UsualMegahertz = 2500;

    /// <summary>Operations on 32-bit floats a second, as catalog/gpus/cpu reckons them: cores × 32 a cycle × the clock, as
    /// /proc/cpuinfo gives both; elsewhere a core for each processor of the system, and a usual clock.</summary>
    public static double Operations(string cpuinfo)
    {
        string[][] fields = [.. cpuinfo.Split('\n').Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries))
            .Where(parts => parts.Length == 2)];
        int threads = fields.Count(field => field[0] == "processor");
        int siblings = Number("siblings"), each = Number("cpu cores");
        double megahertz = fields.Where(field => field[0] == "cpu MHz").Select(field => double.TryParse(field[1],
            NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value is > 100 and < 20_000 ? value : 0)
            .DefaultIfEmpty(0).Max();
        double cores = threads == 0 ? Environment.ProcessorCount
            : siblings > 0 && each > 0 && each <= siblings ? (double)threads * each / siblings : threads;
        return Math.Max(1, cores) * 32e6 * (megahertz > 0 ? megahertz : UsualMegahertz);

        int Number(string name) => fields.Where(field => field[0] == name).Select(field => int.TryParse(field[1],
            NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : 0).FirstOrDefault();
    }

    /// <summary>The processor's name in /proc/cpuinfo: <c>model name</c>, or on ARM <c>Model</c> or <c>Hardware</c>; null where
    /// there is none.</summary>
    public static string? Processor(string cpuinfo)
    {
        string[] keys = ["model name", "Model", "Hardware"];
        foreach (string key in keys)
        {
            foreach (string line in cpuinfo.Split('\n'))
            {
                string[] parts = line.Split(':', 2);
                if (parts.Length == 2 && parts[0].Trim() == key && parts[1].Trim().Length > 0)
                {
                    return parts[1].Trim();
                }
            }
        }

        return null;
    }

    /// <summary>The processor's name in what <c>reg query</c> prints of Windows's registry.</summary>
    public static string? Registry(string text) => text.Split('\n')
        .Select(line => line.Split("REG_SZ", 2)).Where(parts => parts.Length == 2 && parts[0].Contains("ProcessorNameString"))
        .Select(parts => parts[1].Trim()).FirstOrDefault(name => name.Length > 0);

    /// <summary>GPUs of <c>nvidia-smi --query-gpu=name,memory.total,driver_version --format=csv,noheader,nounits</c>: a line
    /// each, memory in mebibytes (https://docs.nvidia.com/deploy/nvidia-smi, "--query-gpu").</summary>
    public static IReadOnlyList<SeenGpu> NvidiaSmi(string text) => [.. text.Split('\n')
        .Select(line => line.Split(',', StringSplitOptions.TrimEntries))
        .Where(cells => cells.Length == 3 && cells[0].Length > 0)
        .Take(Most).Select(cells => new SeenGpu(cells[0], Scaled(cells[1], 1 << 20), cells[2].Length > 0 ? cells[2] : null,
            "nvidia-smi"))];

    /// <summary>GPUs of <c>rocm-smi --showproductname --showmeminfo vram --json</c>: an object each, memory in bytes
    /// (ROCm/rocm_smi_lib, python_smi_tools/rocm_smi.py: "Card Series", "VRAM Total Memory (B)").</summary>
    public static IReadOnlyList<SeenGpu> RocmSmi(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind != JsonValueKind.Object ? [] : [.. document.RootElement.EnumerateObject()
                .Where(card => card.Value.ValueKind == JsonValueKind.Object)
                .Select(card => (Name: Text(card.Value, "Card Series") ?? Text(card.Value, "Card series")
                    ?? Text(card.Value, "Device Name"), Memory: Text(card.Value, "VRAM Total Memory (B)")))
                .Where(card => card.Name is not null).Take(Most)
                .Select(card => new SeenGpu(card.Name!, Scaled(card.Memory ?? "", 1), null, "rocm-smi"))];
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            return [];
        }
    }

    /// <summary>Display devices of <c>lspci -mm</c>: class, vendor and device in quotes; what stands in square brackets is the
    /// name that people know (pciutils, lspci.8, "machine-readable output").</summary>
    public static IReadOnlyList<SeenGpu> Lspci(string text) => [.. text.Split('\n').Select(line => Quoted().Matches(line))
        .Where(cells => cells.Count >= 3 && Display().IsMatch(cells[0].Groups[1].Value)).Take(Most)
        .Select(cells => new SeenGpu(
            $"{Maker(cells[1].Groups[1].Value)} {Known(cells[2].Groups[1].Value)}", null, null, "lspci"))];

    /// <summary>What a chip's name may stand for: "AMD Radeon RX 7900 XT/7900 XTX" the first whole, the others with what stands
    /// before it.</summary>
    public static IEnumerable<string> Alternatives(string name)
    {
        string[] parts = name.Split('/', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        int digit = parts.Length < 2 ? -1 : parts[0].IndexOfAny(s_digits);
        return digit < 0 ? [] : parts.Take(Most).Select((part, i) => i == 0 ? part : parts[0][..digit] + part);
    }

    /// <summary>The GPU of a board, as Linux's device tree names it: "NVIDIA Jetson AGX Orin Developer Kit".</summary>
    public static IReadOnlyList<SeenGpu> Board(string text) => text.Trim('\0', '\n', ' ') is var name
        && name.Contains("Jetson", StringComparison.Ordinal)
            ? [new SeenGpu(name.Replace(" Developer Kit", ""), null, null, "/proc/device-tree/model")] : [];

    /// <summary>A number of bytes that a file of the system holds; null where it is none.</summary>
    public static long? Bytes(string text) => Scaled(text.Trim(), 1);

    /// <summary>GPUs of macOS's <c>system_profiler SPDisplaysDataType -json</c>: <c>sppci_model</c> and
    /// <c>sppci_cores</c>.</summary>
    public static IReadOnlyList<SeenGpu> SystemProfiler(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("SPDisplaysDataType", out JsonElement list)
                || list.ValueKind != JsonValueKind.Array ? [] : [.. list.EnumerateArray()
                .Where(gpu => gpu.ValueKind == JsonValueKind.Object && Text(gpu, "sppci_model") is not null).Take(Most)
                .Select(gpu => new SeenGpu(Text(gpu, "sppci_model")
                    + (Text(gpu, "sppci_cores") is { } cores ? $" {cores}-core" : ""), null, null, "system_profiler"))];
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            return [];
        }
    }

    /// <summary>The first line of a program's answer that has a digit: its version.</summary>
    public static string? Version(string text) => text.Split('\n').Select(line => line.Trim())
        .Where(line => line.Any(char.IsAsciiDigit)).Select(line => line.Length > 80 ? line[..80] + "…" : line).FirstOrDefault();

    private static string? Text(JsonElement fields, string name) =>
        fields.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            && value.GetString() is { Length: > 0 } text ? text : null;

    private static long? Scaled(string text, long unit) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number > 0
            && number < long.MaxValue / unit ? number * unit : null;

    private static string Known(string device) =>
        Bracketed().Match(device) is { Success: true } match ? match.Groups[1].Value : device;

    private static string Maker(string vendor) => vendor.Contains("NVIDIA", StringComparison.OrdinalIgnoreCase) ? "NVIDIA"
        : vendor.Contains("AMD", StringComparison.Ordinal) || vendor.Contains("ATI", StringComparison.Ordinal) ? "AMD"
        : vendor.Contains("Intel", StringComparison.Ordinal) ? "Intel" : vendor;

    [GeneratedRegex("\"([^\"]*)\"", RegexOptions.NonBacktracking)]
    private static partial Regex Quoted();

    [GeneratedRegex("^(VGA|3D|Display)", RegexOptions.NonBacktracking)]
    private static partial Regex Display();

    [GeneratedRegex(@"\[([^\]]+)\]", RegexOptions.NonBacktracking)]
    private static partial Regex Bracketed();
}
