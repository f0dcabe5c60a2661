using LlmMath.Architectures;
using LlmMath.Engines.Kernels;
using LlmMath.Placement.Work;
using LlmMath.Speed.Kernels;

namespace LlmMath.Speed.Pass;

/// <summary>The products of a model on its GPUs, and the timed kernels that make them.</summary>
internal sealed class DeployedKernels
{
    private readonly KernelFormat[] _formats;
    private readonly KernelFormat _fourBitExperts;

    private DeployedKernels(DeviceKernels device, ModelProducts products, KernelFormat eight, KernelFormat four,
        KernelFormat fourBitExperts)
    {
        (Device, Products, _fourBitExperts) = (device, products, fourBitExperts);
        _formats = [KernelFormat.Bf16, eight, four];
        Launch = device.Product(KernelFormat.Bf16, 1, 1, 1);
        Blocks = [.. products.Blocks.Select(TimeOf)];
        Head = TimeOf(products.Head);

        ProductTime TimeOf(MatrixProduct product) => device.ProductOf(FormatOf(product.Width), product.Outputs, product.Inputs);
    }

    /// <summary>The kernels of the GPU.</summary>
    public DeviceKernels Device { get; }

    /// <summary>The products.</summary>
    public ModelProducts Products { get; }

    /// <summary>Times of the products of the blocks, in their order.</summary>
    public ProductTime[] Blocks { get; }

    /// <summary>Time of the output head.</summary>
    public ProductTime Head { get; }

    /// <summary>The kernels' format for elements of a width.</summary>
    public KernelFormat FormatOf(ElementWidth width) => _formats[(int)width];

    /// <summary>The kernels' format for experts whose elements are of a width.</summary>
    public KernelFormat ExpertFormatOf(ElementWidth width) =>
        width == ElementWidth.Four ? _fourBitExperts : _formats[(int)width];

    /// <summary>Seconds of the smallest product: what a launch by itself takes, in any format.</summary>
    public double Launch { get; }

    /// <summary>Those of an engine on a GPU; null where its kernels were not timed.</summary>
    /// <param name="gpu">The GPU.</param>
    /// <param name="family">The engine's kernels.</param>
    /// <param name="format">How weights are held.</param>
    /// <param name="most">The encoding of most of them: of a checkpoint the experts may be in MXFP4, other matrices not.</param>
    /// <param name="products">The products.</param>
    public static DeployedKernels? Of(Gpu gpu, string? family, WeightFormat format, string most, ModelProducts products)
    {
        if (family is null)
        {
            return null;
        }

        // Mixtures in 8-bit floats are published with a scale a block of 128 × 128 (DeepSeek V3, Qwen3, MiniMax M2, GLM-5),
        // others with one a matrix or row.
        bool isMixture = products.Experts.Length > 0, isFloat = format.Products is ProductFormat.Float8 or ProductFormat.Float4;
        KernelFormat eight = isFloat ? isMixture ? KernelFormat.Fp8Block : KernelFormat.Fp8
            : format.Products == ProductFormat.Integer8 ? KernelFormat.Int8 : KernelFormat.Int8Weights;
        // Where the GPU does not multiply 4-bit floats, weights are widened in the kernel.
        bool isNative = gpu.PeakRates.Fp4 is not null, isMx = most == WeightFormat.Mxfp4.Name;
        KernelFormat four = format.Products == ProductFormat.Float4 && isNative && !isMx ? KernelFormat.Nvfp4
            : KernelFormat.Int4Weights;
        // Experts in MXFP4 have kernels of their own: with 8-bit activations where the GPU multiplies 4-bit floats.
        KernelFormat experts = !isMx ? four : isNative ? KernelFormat.Mxfp4Fp8 : KernelFormat.Mxfp4;
        return new(DeviceKernels.Of(gpu, family), products, eight, four, experts);
    }
}
