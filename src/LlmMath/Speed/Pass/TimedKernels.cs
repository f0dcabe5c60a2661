using LlmMath.Engines.Kernels;
using LlmMath.Models.Attention;
using LlmMath.Placement.Work;
using LlmMath.Speed.Kernels;

namespace LlmMath.Speed.Pass;

/// <summary>Whether the kernels of a deployment were timed where it runs.</summary>
internal static class TimedKernels
{
    /// <summary>Whether each kernel that a pass needs was timed on this GPU, as the engine runs it.</summary>
    public static bool AreAll(in DeployedModel on)
    {
        if (on.Kernels is not { } kernels)
        {
            return false;
        }

        DeviceKernels device = kernels.Device;
        bool all = device.IsTimed(KernelOperator.Product, (int)kernels.FormatOf(kernels.Products.Head.Width));
        foreach (MatrixProduct product in kernels.Products.Blocks)
        {
            all &= device.IsTimed(KernelOperator.Product, (int)kernels.FormatOf(product.Width));
        }

        foreach (ExpertProduct experts in kernels.Products.Experts)
        {
            all &= device.IsTimed(KernelOperator.Experts, (int)kernels.ExpertFormatOf(experts.Width));
        }

        foreach (MixerLayers mixer in on.Work.Mixers)
        {
            all &= IsTimed(device, mixer, on.CacheBytes < 2 ? 8 : 16);
        }

        all &= on.Work.StreamLayers == 0 || device.IsTimed(KernelOperator.Streams, 0);
        return all && (on.Tensor == 1 || device.IsTimed(KernelOperator.AllReduce, 0))
            && (on.AttentionReplicas == 1 || (on.AllToAll is not null ? device.IsTimed(KernelOperator.AllToAll, 0)
                : device.IsTimed(KernelOperator.AllGather, 0) && device.IsTimed(KernelOperator.ReduceScatter, 0)));
    }

    private static bool IsTimed(DeviceKernels device, in MixerLayers mixer, int cacheBits)
    {
        MixerKernelKind kind = mixer.Kernel.Kind;
        if (kind is MixerKernelKind.None or MixerKernelKind.Beside)
        {
            return kind == MixerKernelKind.Beside;
        }

        if (KernelTime.RecurrentOf(kind) is { } recurrent)
        {
            return device.IsTimed(KernelOperator.DecodeRecurrent, (int)recurrent)
                && device.IsTimed(KernelOperator.PrefillRecurrent, (int)recurrent);
        }

        var shape = new AttentionShape(
            KernelTime.AttentionOf(kind), 1, 1, 1, mixer.Work.PairLimit ?? 0, cacheBits);
        (KernelOperator decode, KernelOperator prefill) = DeviceKernels.OperatorsOf(shape.Kind);
        int variant = DeviceKernels.Variant(shape);
        return device.IsTimed(decode, variant) && device.IsTimed(prefill, variant);
    }
}
