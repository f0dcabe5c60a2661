namespace LlmMath.Calibration;

/// <summary>Where something was measured, and with which release of the engine, as far as it is named.</summary>
/// <param name="Vendor">The hardware's vendor, as the catalog calls it.</param>
/// <param name="Generation">The hardware's generation.</param>
/// <param name="Gpu">The catalog's name of the GPU.</param>
/// <param name="Release">The engine's version, or the month of the measurement.</param>
internal sealed record Place(string? Vendor = null, string? Generation = null, string? Gpu = null, string? Release = null)
{
    /// <summary>What is named of a GPU.</summary>
    public static Place Of(Gpu gpu, string? release = null) => new(gpu.Vendor, GenerationOf(gpu), gpu.Name, release);

    /// <summary>The generation of a GPU: Grace Blackwell Ultra is Blackwell.</summary>
    public static string GenerationOf(Gpu gpu) => (gpu.Architecture ?? "unknown")
        .Replace("Grace ", "", StringComparison.Ordinal).Replace(" Ultra", "", StringComparison.Ordinal);

    /// <summary>Whether the hardware is younger than May 2024: only later builds of llama.cpp run on it, which neither write
    /// scores nor unpack weights.</summary>
    public bool IsYoung => Generation is "Blackwell" or "RDNA 3.5" or "RDNA 4" or "G16" or "G17";
}
