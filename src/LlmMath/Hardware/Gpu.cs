using System.Globalization;
using LlmMath.Basics;

namespace LlmMath;

/// <summary>An accelerator, as its vendor and its users describe it. A figure that nobody sourced is null, never a
/// guess.</summary>
public sealed record Gpu
{
    /// <summary>The entry's name, in lower case with hyphens: <c>a100-sxm-80gb</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The name as people write it: <c>A100 SXM 80GB</c>.</summary>
    public required string DisplayName { get; init; }

    /// <summary>Other names by which it is found: what nvidia-smi prints, for one.</summary>
    public ValueList<string> Aliases { get; init; } = [];

    /// <summary>Who makes it.</summary>
    public required string Vendor { get; init; }

    /// <summary>The generation: <c>Ampere</c>; null where no source names it.</summary>
    public string? Architecture { get; init; }

    /// <summary>NVIDIA's compute capability, major and minor version: <c>9.0</c> for Hopper, <c>12.0</c> for a GeForce RTX 5090;
    /// null where unsourced, and for other vendors.</summary>
    public string? ComputeCapability { get; init; }

    /// <summary>Nominal memory: vendors' "80 GB" are 80 GiB; null where unsourced.</summary>
    public ByteSize? Memory { get; init; }

    /// <summary>Memory that programs really get, where somebody measured it.</summary>
    public ByteSize? UsableMemory { get; init; }

    /// <summary>Whether anybody sourced how much memory it has.</summary>
    internal bool IsMemoryKnown => (UsableMemory ?? Memory) is not null;

    /// <summary>Whether it shares the system's memory, so that what lies on either side counts against the same sum.</summary>
    public bool HasUnifiedMemory { get; init; }

    /// <summary>Whether it is a processor, which multiplies in system memory.</summary>
    public bool IsProcessor { get; init; }

    /// <summary>Cores of a processor, of one socket; null where unsourced, and for others.</summary>
    public int? Cores { get; init; }

    /// <summary>Vector instructions of a processor that engines have kernels for: <c>avx2</c>, <c>avx512</c>, <c>dotprod</c>,
    /// <c>i8mm</c>; empty where unsourced, and for others.</summary>
    public ValueList<string> Instructions { get; init; } = [];

    /// <summary>Peak memory bandwidth in bytes a second; null where unsourced.</summary>
    public double? BytesPerSecond { get; init; }

    /// <summary>Peak dense rates by number format.</summary>
    public PeakRates PeakRates { get; init; } = new();

    /// <summary>The link between accelerators: <c>NVLink 3</c>; null where unsourced.</summary>
    public string? Interconnect { get; init; }

    /// <summary>The link's rate in bytes a second, both directions together; null where unsourced.</summary>
    public double? InterconnectBytesPerSecond { get; init; }

    /// <summary>Generation of the PCI Express link; null where unsourced or absent.</summary>
    public int? PcieGeneration { get; init; }

    /// <summary>Board power in watts; null where unsourced.</summary>
    public double? Watts { get; init; }

    /// <summary>Price at launch in US dollars, often approximate; null where unsourced.</summary>
    public double? LaunchPriceUsd { get; init; }

    /// <summary>What renting it cost, where and when; to be overridden by whoever has an offer.</summary>
    public ValueList<RentalPrice> Prices { get; init; } = [];

    /// <summary>The best matrix-multiply rates that somebody measured; null where nobody did.</summary>
    public MeasuredRates? Measured { get; init; }

    /// <summary>Where the figures were read.</summary>
    public ValueList<string> Sources { get; init; } = [];

    /// <summary>What a reader should know about the figures; null where there is nothing.</summary>
    public string? Note { get; init; }

    /// <summary>The rate at which it reaches another accelerator, both directions together: its link, else PCI Express; 0 where
    /// neither is known.</summary>
    internal double LinkBytesPerSecond => InterconnectBytesPerSecond ?? PcieBytesPerSecond ?? 0;

    /// <summary>The rate at which it reaches the machine's memory, both directions together; null where unsourced. Sixteen lanes:
    /// 16 GB/s a direction in generation 3, doubling each time. Source: PCI Express base specification.</summary>
    internal double? PcieBytesPerSecond => PcieGeneration is { } generation ? 32e9 * Math.Pow(2, generation - 3) : null;

    /// <summary>Refuses rates that somebody set and of which no time would be a number.</summary>
    /// <exception cref="EstimateException">A rate or power is not above 0 and finite; the error names the GPU.</exception>
    internal void RequireRates()
    {
        PeakRates r = PeakRates;
        ReadOnlySpan<double?> rates =
            [BytesPerSecond, InterconnectBytesPerSecond, Watts, r.Fp32, r.Tf32, r.Fp16, r.Bf16, r.Fp16Accumulate16, r.Fp8, r.Int8,
                r.Fp4];
        foreach (double? rate in rates)
        {
            if (rate is { } given && !(given > 0 && given <= double.MaxValue))
            {
                throw new EstimateException("Gpu",
                    $"a rate or power of {Name} is {given.ToString(CultureInfo.InvariantCulture)}; above 0 "
                    + "and finite is right, null where it is not known.");
            }
        }
    }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}

/// <summary>Peak dense rates in operations a second (a multiply-add is two); null where no source gives one or the hardware lacks
/// the format.</summary>
public sealed record PeakRates
{
    /// <summary>32-bit floats outside the matrix units.</summary>
    public double? Fp32 { get; init; }

    /// <summary>TF32 in the matrix units.</summary>
    public double? Tf32 { get; init; }

    /// <summary>bfloat16.</summary>
    public double? Bf16 { get; init; }

    /// <summary>16-bit floats, sums in 32 bits.</summary>
    public double? Fp16 { get; init; }

    /// <summary>16-bit floats, sums in 16 bits.</summary>
    public double? Fp16Accumulate16 { get; init; }

    /// <summary>8-bit floats.</summary>
    public double? Fp8 { get; init; }

    /// <summary>8-bit integers.</summary>
    public double? Int8 { get; init; }

    /// <summary>4-bit floats.</summary>
    public double? Fp4 { get; init; }

    /// <summary>4-bit integers.</summary>
    public double? Int4 { get; init; }

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(PeakRates), PrintMembers);
}

/// <summary>What renting one accelerator cost.</summary>
/// <param name="Provider">Who rents it out, and the instance where the source says.</param>
/// <param name="UsdPerHour">US dollars an hour for one accelerator.</param>
/// <param name="Date">When the price was read, as the source dates it.</param>
/// <param name="Kind">On demand, reserved, spot, and so on.</param>
/// <param name="Source">Where it was read.</param>
public sealed record RentalPrice(string Provider, double UsdPerHour, string Date, string Kind, string Source)
{
    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(RentalPrice), PrintMembers);
}

/// <summary>Matrix-multiply rates that somebody measured, in operations a second.</summary>
/// <param name="Bf16">bfloat16; null where not measured.</param>
/// <param name="Fp8">8-bit floats; null where not measured.</param>
/// <param name="Source">Where it was read.</param>
public sealed record MeasuredRates(double? Bf16, double? Fp8, string Source)
{
    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(MeasuredRates), PrintMembers);
}
