using System.Globalization;

namespace LlmMath.Generators;

/// <summary>A GPU's definition as an entry of the catalog.</summary>
internal static class GpuEmitter
{
    public static Entry ToEntry(Gpu gpu, string path, string member) => new(
        DefinitionKind.Gpu, path, gpu.Name, gpu.DisplayName, member, Summary(gpu), Expression(gpu)) { Aliases = gpu.Aliases };

    private static string Summary(Gpu gpu)
    {
        var parts = new List<string>();
        Add(parts, gpu.Memory?.Gibibytes, 1, "GiB");
        Add(parts, gpu.BytesPerSecond, 1e9, "GB/s");
        Add(parts, gpu.PeakRates.Bf16 ?? gpu.PeakRates.Fp16, 1e12, gpu.PeakRates.Bf16 is null ? "TFLOPS fp16" : "TFLOPS bf16");
        Add(parts, gpu.PeakRates.Fp8, 1e12, "TFLOPS fp8");
        Add(parts, gpu.Watts, 1, "W");
        return $"{gpu.Vendor} {gpu.DisplayName}: {string.Join(" · ", parts)}.";
    }

    private static void Add(List<string> parts, double? value, double unit, string name)
    {
        if (value is { } figure)
        {
            parts.Add((figure / unit).ToString("#,0.##", CultureInfo.InvariantCulture) + " " + name);
        }
    }

    private static string Expression(Gpu gpu)
    {
        var settings = new List<string>
        {
            $"Name = {Literal.Of(gpu.Name)}",
            $"DisplayName = {Literal.Of(gpu.DisplayName)}",
            $"Vendor = {Literal.Of(gpu.Vendor)}",
        };
        void Set(string property, string? value)
        {
            if (value is not null and not "null")
            {
                settings.Add($"{property} = {value}");
            }
        }

        Set("Aliases", gpu.Aliases.Count == 0 ? null : Literal.List<string>(gpu.Aliases.Select(Literal.Of)));
        Set("Architecture", Literal.Of(gpu.Architecture, "null"));
        Set("ComputeCapability", Literal.Of(gpu.ComputeCapability, "null"));
        Set("Memory", Size(gpu.Memory));
        Set("UsableMemory", Size(gpu.UsableMemory));
        Set("HasUnifiedMemory", gpu.HasUnifiedMemory ? "true" : null);
        Set("IsProcessor", gpu.IsProcessor ? "true" : null);
        Set("Cores", gpu.Cores?.ToString(CultureInfo.InvariantCulture));
        Set("Instructions", gpu.Instructions.Count == 0 ? null : Literal.List<string>(gpu.Instructions.Select(Literal.Of)));
        Set("BytesPerSecond", Literal.Of(gpu.BytesPerSecond));
        Set("PeakRates", Rates(gpu.PeakRates));
        Set("Interconnect", Literal.Of(gpu.Interconnect, "null"));
        Set("InterconnectBytesPerSecond", Literal.Of(gpu.InterconnectBytesPerSecond));
        Set("PcieGeneration", gpu.PcieGeneration?.ToString(CultureInfo.InvariantCulture));
        Set("Watts", Literal.Of(gpu.Watts));
        Set("LaunchPriceUsd", Literal.Of(gpu.LaunchPriceUsd));
        Set("Prices", gpu.Prices.Count == 0 ? null : Literal.List<RentalPrice>(gpu.Prices.Select(Price)));
        Set("Measured", gpu.Measured is { } measured ? Measured(measured) : null);
        Set("Sources", Literal.List<string>(gpu.Sources.Select(Literal.Of)));
        Set("Note", Literal.Of(gpu.Note, "null"));
        return Literal.Set<Gpu>(settings);
    }

    private static string? Size(ByteSize? size) => size is { } value ? Literal.New<ByteSize>(Literal.Of(value.Bytes)) : null;

    private static string Price(RentalPrice p) => Literal.New<RentalPrice>(Literal.Of(p.Provider), Literal.Of(p.UsdPerHour),
        Literal.Of(p.Date), Literal.Of(p.Kind), Literal.Of(p.Source));

    private static string Measured(MeasuredRates m) =>
        Literal.New<MeasuredRates>(Literal.Of(m.Bf16), Literal.Of(m.Fp8), Literal.Of(m.Source));

    private static string? Rates(PeakRates r)
    {
        (string Name, double? Value)[] rates =
        [
            ("Fp32", r.Fp32), ("Tf32", r.Tf32), ("Bf16", r.Bf16), ("Fp16", r.Fp16), ("Fp16Accumulate16", r.Fp16Accumulate16),
            ("Fp8", r.Fp8), ("Int8", r.Int8), ("Fp4", r.Fp4), ("Int4", r.Int4),
        ];
        string[] set = [.. rates.Where(rate => rate.Value is not null).Select(rate => $"{rate.Name} = {Literal.Of(rate.Value)}")];
        return set.Length == 0 ? null : Literal.Set<PeakRates>(set);
    }
}
