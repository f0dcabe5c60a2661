using System.Globalization;
using LlmMath.Architectures;

namespace LlmMath.Memory;

/// <summary>Which GPUs compute in a format, and what happens where one does not.</summary>
internal static class FormatSupport
{
    private const double Turing = 7.5, Ampere = 8.0, Ada = 8.9, Blackwell = 10.0;

    /// <summary>Why a GPU does not run a setup as it stands, or runs it otherwise than its format says; null where it does.
    /// Source for engines that compile kernels: vllm-project/vllm (fork ROCm/vllm@f8c9a3852),
    /// docs/features/quantization/supported_hardware.md and vllm/worker/worker.py; llama.cpp converts whatever a GPU
    /// lacks.</summary>
    public static string? Lacks(WeightFormat weights, Engine? engine, Gpu gpu)
    {
        if (engine is not null && !engine.SupportsGpu(gpu))
        {
            return $"{engine.Name} does not run on {gpu.Vendor}'s {gpu.Name}.";
        }

        if (engine is null or { SplitsByLayer: true } || weights.Group == FormatGroup.Gguf || Needs(weights) is not { } needs)
        {
            return null;
        }

        if (gpu.Vendor != "NVIDIA")
        {
            return gpu.Vendor == "AMD" && weights.Products == ProductFormat.Float8 && gpu.PeakRates.Fp8 is null
                ? $"{gpu.Name} has no fp8: weights in {weights.Name} do not run there in {engine.Name}; give fp16."
                : null;
        }

        return Capability(gpu) is not { } has ? null
            : has < needs.AtLeast
                ? $"{gpu.Name} (compute capability {N(has)}) is too old for weights in {weights.Name}: {engine.Name} needs "
                    + $"{N(needs.AtLeast)} or later; give {(weights == WeightFormat.Bf16 ? "fp16" : "fp16 or gptq-4bit-128g")}."
            : has < needs.Natively
                ? $"{gpu.Name} (compute capability {N(has)}) holds weights in {weights.Name} but multiplies in 16 bits; "
                    + $"from {N(needs.Natively)} on it would compute in that format."
            : null;
    }

    /// <summary>Whether a GPU runs weights of a format at all.</summary>
    public static bool Runs(WeightFormat weights, Engine? engine, Gpu gpu) =>
        engine is null || (engine.SupportsGpu(gpu) && (engine.SplitsByLayer || gpu.Vendor != "NVIDIA"
            || Needs(weights) is not { } needs || Capability(gpu) is not { } has || has >= needs.AtLeast));

    // The least compute capability, and that from which products are made in the format itself.
    private static (double AtLeast, double Natively)? Needs(WeightFormat weights) => weights.Products switch
    {
        ProductFormat.Integer8 => (Turing, Turing),
        ProductFormat.Float8 => (Ampere, Ada),
        ProductFormat.Float4 => (Ampere, Blackwell),
        _ when weights == WeightFormat.Bf16 || weights.Group == FormatGroup.MixedPrecision => (Ampere, Ampere),
        _ when weights == WeightFormat.Awq4Bit128G => (Turing, Turing),
        _ => null,
    };

    /// <summary>NVIDIA's compute capability, by architecture; null where it is unknown. Source:
    /// developer.nvidia.com/cuda-gpus.</summary>
    private static double? Capability(Gpu gpu) => gpu.Architecture switch
    {
        "Pascal" => 6.0,
        "Volta" => 7.0,
        "Turing" => Turing,
        "Ampere" or "Ampere GA100" => Ampere,
        "Ada Lovelace" => Ada,
        "Hopper" or "Grace Hopper" => 9.0,
        "Blackwell" or "Blackwell Ultra" or "Grace Blackwell" or "Grace Blackwell Ultra" => Blackwell,
        _ => null,
    };

    private static string N(double capability) => capability.ToString("0.0", CultureInfo.InvariantCulture);
}
