using LlmMath.Basics;

namespace LlmMath.Engines;

/// <summary>The backend that an engine is usually built for on a vendor's hardware: <c>cuda</c> for NVIDIA's.</summary>
/// <param name="Vendor">Who makes the hardware, as the GPU catalog names it; <c>processors</c> for processors.</param>
/// <param name="Version">The release that stands for the backend.</param>
public sealed record EngineBackend(string Vendor, string Version)
{
    /// <summary>What stands for the vendor where a processor multiplies.</summary>
    internal const string Processors = "processors";

    /// <summary>What stands for the architecture where a processor multiplies beside a GPU.</summary>
    internal const string BesideGpu = "processors beside a GPU";

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(EngineBackend), PrintMembers);
}
