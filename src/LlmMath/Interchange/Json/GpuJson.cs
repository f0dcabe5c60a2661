namespace LlmMath.Interchange.Json;

/// <summary>Reads a GPU's definition file.</summary>
internal static class GpuJson
{
    private const double Giga = 1e9, Tera = 1e12;

    /// <summary>Reads a definition.</summary>
    /// <param name="utf8">The file's bytes.</param>
    /// <param name="name">The entry's name.</param>
    /// <exception cref="DefinitionException">The file is malformed, or a field is missing, unknown or wrong. It names the field;
    /// the caller adds the file.</exception>
    public static Gpu Read(ReadOnlySpan<byte> utf8, string name)
    {
        var fields = new JsonFields(ModelJson.ReadRoot(utf8));
        fields.Text("$schema");
        var gpu = new Gpu
        {
            Name = name,
            DisplayName = fields.RequiredText("name"),
            Aliases = fields.Names("aliases"),
            Vendor = fields.RequiredText("vendor"),
            Architecture = fields.Text("architecture"),
            ComputeCapability = Capability(fields),
            Memory = Gibibytes(fields, "memory_gib"),
            UsableMemory = fields.Integer("usable_memory_bytes", 1) is { } usable ? new ByteSize(usable) : null,
            HasUnifiedMemory = fields.Flag("unified_memory") ?? false,
            IsProcessor = fields.Flag("processor") ?? false,
            Cores = fields.Integer("cores", 1) is { } cores ? (int)Math.Min(cores, int.MaxValue) : null,
            Instructions = fields.Texts("instructions"),
            BytesPerSecond = fields.Positive("bandwidth_gb_per_s", Giga),
            PeakRates = fields.Fields("tflops") is { } rates ? ReadRates(rates) : new PeakRates(),
            Interconnect = fields.Text("interconnect"),
            InterconnectBytesPerSecond = fields.Positive("interconnect_gb_per_s", Giga),
            PcieGeneration = fields.Integer("pcie_generation", 1) is { } generation
                ? (int)Math.Min(generation, int.MaxValue)
                : null,
            Watts = fields.Positive("tdp_w"),
            LaunchPriceUsd = fields.Positive("msrp_usd"),
            Prices = [.. fields.List("prices").Select(ReadPrice)],
            Measured = fields.Fields("measured_tflops") is { } measured ? ReadMeasured(measured) : null,
            Sources = fields.Texts("sources"),
            Note = fields.Text("note"),
        };
        fields.RejectOthers();
        return gpu.Sources.Count > 0 ? gpu : throw fields.Missing("sources", "a list with where the figures were read");
    }

    // As NVIDIA writes it: 8.6, 12.0.
    private static string? Capability(JsonFields fields)
    {
        const string Name = "compute_capability";
        string? text = fields.Text(Name);
        bool isRight = text is null || (text.Split('.') is [{ Length: 1 or 2 } major, { Length: 1 } minor]
            && (major + minor).All(digit => digit is >= '0' and <= '9'));
        return isRight ? text : throw fields.Wrong(Name, "major and minor version as text, \"9.0\"", text!);
    }

    private static ByteSize? Gibibytes(JsonFields fields, string name)
    {
        double? gibibytes = fields.Positive(name);
        return gibibytes switch
        {
            null => null,
            <= 1 << 20 => ByteSize.FromGibibytes(gibibytes.Value),
            _ => throw fields.Wrong(name, "at most 1,048,576", gibibytes.Value),
        };
    }

    private static PeakRates ReadRates(JsonFields fields)
    {
        var rates = new PeakRates
        {
            Fp32 = fields.Positive("fp32", Tera),
            Tf32 = fields.Positive("tf32", Tera),
            Bf16 = fields.Positive("bf16", Tera),
            Fp16 = fields.Positive("fp16", Tera),
            Fp16Accumulate16 = fields.Positive("fp16_fp16_accumulate", Tera),
            Fp8 = fields.Positive("fp8", Tera),
            Int8 = fields.Positive("int8", Tera),
            Fp4 = fields.Positive("fp4", Tera),
            Int4 = fields.Positive("int4", Tera),
        };
        fields.RejectOthers();
        return rates;
    }

    private static RentalPrice ReadPrice(JsonFields fields)
    {
        var price = new RentalPrice(
            fields.RequiredText("provider"),
            fields.Positive("usd_per_hour") ?? throw fields.Missing("usd_per_hour", "a number above 0"),
            fields.RequiredText("date"),
            fields.RequiredText("kind"),
            fields.RequiredText("source"));
        fields.RejectOthers();
        return price;
    }

    private static MeasuredRates ReadMeasured(JsonFields fields)
    {
        var measured = new MeasuredRates(
            fields.Positive("bf16", Tera), fields.Positive("fp8", Tera), fields.RequiredText("source"));
        fields.RejectOthers();
        return measured;
    }
}
