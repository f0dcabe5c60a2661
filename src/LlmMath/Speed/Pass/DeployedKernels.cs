using LlmMath.Engines.Kernels;
using LlmMath.Placement.Work;
using LlmMath.Speed.Kernels;

namespace LlmMath.Speed.Pass;

/// <summary>The products of a model on its GPUs, and the timed kernels that make them.</summary>
internal sealed class DeployedKernels
{
    private readonly KernelFormat[] _formats;
    private readonly double[] _launches;

    private DeployedKernels(DeviceKernels device, ModelProducts products, KernelFormat eight, KernelFormat four)
    {
        (Device, Products) = (device, products);
        _formats = [KernelFormat.Bf16, eight, four];
        _launches = [.. _formats.Select(format => device.Product(format, 1, 1, 1))];
    }

    /// <summary>The kernels of the GPU.</summary>
    public DeviceKernels Device { get; }

    /// <summary>The products.</summary>
    public ModelProducts Products { get; }

    /// <summary>The kernels' format for elements of a width.</summary>
    public KernelFormat FormatOf(ElementWidth width) => _formats[(int)width];

    /// <summary>Seconds of the smallest product: what a launch by itself takes.</summary>
    public double LaunchOf(ElementWidth width) => _launches[(int)width];

    /// <summary>Those of an engine on a GPU; null where its kernels were not timed.</summary>
    public static DeployedKernels? Of(Gpu gpu, string? family, WeightFormat format, ModelProducts products)
    {
        if (family is null)
        {
            return null;
        }

        KernelFormat eight = format.Products switch
        {
            Architectures.ProductFormat.Float8 or Architectures.ProductFormat.Float4 => KernelFormat.Fp8,
            Architectures.ProductFormat.Integer8 => KernelFormat.Int8,
            _ => KernelFormat.Int8Weights,
        };
        KernelFormat four = format.Products == Architectures.ProductFormat.Float4 ? KernelFormat.Nvfp4
            : format == WeightFormat.Mxfp4 ? KernelFormat.Mxfp4 : KernelFormat.Int4Weights;
        return new(DeviceKernels.Of(gpu, family), products, eight, four);
    }
}
