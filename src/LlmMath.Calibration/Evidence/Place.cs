namespace LlmMath.Calibration;

/// <summary>Where something was measured, and with which release of the engine, as far as it is named.</summary>
/// <param name="Vendor">The hardware's vendor, as the catalog calls it.</param>
/// <param name="Generation">The hardware's generation.</param>
/// <param name="Gpu">The catalog's name of the GPU.</param>
/// <param name="Release">The engine's version, or the month of the measurement.</param>
/// <param name="HostGeneration">The generation of the processor, where it multiplies.</param>
/// <param name="Host">The catalog's name of the processor.</param>
internal sealed record Place(string? Vendor = null, string? Generation = null, string? Gpu = null, string? Release = null,
    string? HostGeneration = null, string? Host = null)
{
    /// <summary>What is named of a GPU.</summary>
    public static Place Of(Gpu gpu, string? release = null, Gpu? host = null) => gpu.IsProcessor
        ? OfHost(gpu, release)
        : new(gpu.Vendor, GenerationOf(gpu), gpu.Name, release, host is null ? null : GenerationOf(host), host?.Name);

    /// <summary>What is named of a processor.</summary>
    public static Place OfHost(Gpu host, string? release) =>
        new(Release: release, HostGeneration: GenerationOf(host), Host: host.Name);

    /// <summary>The generation of a GPU: Grace Blackwell Ultra is Blackwell.</summary>
    public static string GenerationOf(Gpu gpu) => (gpu.Architecture ?? "unknown")
        .Replace("Grace ", "", StringComparison.Ordinal).Replace(" Ultra", "", StringComparison.Ordinal);

    /// <summary>Whether the hardware is younger than May 2024: only later builds of llama.cpp run on it, which neither write
    /// scores nor unpack weights.</summary>
    public bool IsYoung => Generation is "Blackwell" or "RDNA 3.5" or "RDNA 4" or "G16" or "G17";
}
