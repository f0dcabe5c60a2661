using LlmMath.Engines;
using LlmMath.Placement;
using LlmMath.Placement.Work;

namespace LlmMath.Speed.Pass;

/// <summary>What a machine's processor does of a model whose tensors partly lie in system memory.</summary>
/// <param name="Work">Its matrices and layers.</param>
/// <param name="BytesPerSecond">Bytes a second that it reads of system memory, at most.</param>
/// <param name="OperationsPerSecond">Operations on 32-bit floats a second, at most.</param>
/// <param name="LinkBytesPerSecond">Bytes a second that a GPU copies of system memory, at most.</param>
/// <param name="CopiesFrom">Tokens from which on a GPU copies a matrix and multiplies by it: infinite without a GPU.</param>
/// <param name="CopiesByUse">Whether of experts the tokens count that each of them has.</param>
/// <param name="Blocks">The kernels of the matrices in the blocks.</param>
/// <param name="Head">Those of what stands after the blocks.</param>
/// <param name="Experts">Those of experts, in their order.</param>
/// <param name="Attention">Those of attention's products.</param>
internal sealed record HostSide(
    ModelWork Work, double BytesPerSecond, double OperationsPerSecond, double LinkBytesPerSecond, double CopiesFrom,
    bool CopiesByUse, KernelMix Blocks, KernelMix Head, KernelMix[] Experts, KernelMix Attention)
{
    // llama.cpp lets the GPU multiply from 32 tokens on (GGML_OP_OFFLOAD_MIN_BATCH); its fork by experts from 32 × experts ÷
    // active. Source: ggml-org/llama.cpp, pull request 6083, ggml/src/ggml-cuda/ggml-cuda.cu,
    // ggml_backend_cuda_device_offload_op; of experts ikawrakow/ik_llama.cpp@8337e4cd3, ggml/src/ggml-cuda.cu,
    // ggml_backend_cuda_offload_op: batch_size × n_experts_active ≥ min_batch_size × n_experts_tot.
    private const double UsualCopiesFrom = 32;

    // Sixteen lanes of PCI Express 4, one direction, where nobody sourced the GPU's.
    private const double UsualLink = 32e9;

    /// <summary>Bytes a second that nothing reads of system memory faster, whatever its threads.</summary>
    public double PeakBytesPerSecond { get; private init; }

    /// <summary>Operations a second that it makes of the narrowest numbers that engines multiply: 8-bit integers.</summary>
    public double PeakOperationsPerSecond { get; private init; }

    // Without flash attention products with keys and with values are those of matrices; with it the slower of both decides.
    private static ProductKernel AttentionOf(Deployment of, EngineSpeed speed, ValueList<string> instructions)
    {
        if (speed.ProcessorAttention.Count > 0 && !of.FlashAttention)
        {
            return ProductKernel.Tiled;
        }

        ProductKernel Of(CacheFormat format) =>
            ProcessorKernel.Of(speed.ProcessorAttention, format.Name, false, false, instructions);
        (ProductKernel keys, ProductKernel values) = (Of(of.Keys), Of(of.Values));
        return keys > values ? keys : values;
    }

    /// <summary>The same at the hardware's bound.</summary>
    public HostSide AtBound => this with { BytesPerSecond = PeakBytesPerSecond, OperationsPerSecond = PeakOperationsPerSecond };

    /// <summary>That of a deployment; null where no tensor lies in system memory but those that are looked up.</summary>
    public static HostSide? Of(PlacedModel model, EngineSpeed speed)
    {
        if (model.HostWork is not { } work || model.Split?.HostEncodings is not { } encodings)
        {
            return null;
        }

        Gpu gpu = model.KnownGpu;
        Deployment of = model.Of;
        of.Node.CheckHost();
        Node node = gpu.IsProcessor && of.Node.Host is null ? of.Node with { Host = gpu } : of.Node;
        double link = (node.PcieBytesPerSecond ?? gpu.PcieBytesPerSecond ?? (2 * UsualLink)) / 2;
        bool copies = !gpu.IsProcessor && !gpu.HasUnifiedMemory && of.CopiesHostWeights;
        ValueList<string> instructions = node.HostInstructions;
        KernelMix Mix(EncodedElements of, bool areExperts) =>
            KernelMix.Of(of, areExperts, !gpu.IsProcessor, speed, instructions);
        return new(
            work, node.HostRate, node.HostOperations, link, copies ? UsualCopiesFrom : double.PositiveInfinity,
            speed.CopiesExpertsByUse, Mix(encodings.Blocks, false), Mix(encodings.Head, false),
            [.. encodings.Experts.Select(experts => Mix(experts, true))], KernelMix.Of(AttentionOf(of, speed, instructions)))
        {
            PeakBytesPerSecond = node.HostPeakRate,
            PeakOperationsPerSecond = node.HostPeakOperations,
        };
    }
}
