using LlmMath.Engines;
using LlmMath.Placement.Work;

namespace LlmMath.Speed.Pass;

/// <summary>Shares of matrices' elements by the kernel that a processor multiplies them by; their sum is 1.</summary>
/// <param name="Interleaved">Of rows that lie interleaved.</param>
/// <param name="Tiled">Of tiles.</param>
/// <param name="Rows">Of a row with a token at a time.</param>
/// <param name="Grid">The same with a table.</param>
internal readonly record struct KernelMix(double Interleaved, double Tiled, double Rows, double Grid)
{
    /// <summary>The mix of products that one kernel makes.</summary>
    public static KernelMix Of(ProductKernel kernel) => kernel switch
    {
        ProductKernel.Interleaved => new(1, 0, 0, 0),
        ProductKernel.Tiled => new(0, 1, 0, 0),
        ProductKernel.Rows => new(0, 0, 1, 0),
        _ => new(0, 0, 0, 1),
    };

    /// <summary>The mix of some elements.</summary>
    public static KernelMix Of(EncodedElements elements, bool areExperts, bool isBesideGpu, EngineSpeed speed,
        ValueList<string> instructions)
    {
        KernelMix sum = default;
        double all = 0;
        foreach ((string type, double of) in elements.Sums)
        {
            all += of;
            sum = sum.Plus(Of(ProcessorKernel.Of(speed.ProcessorKernels, type, areExperts, isBesideGpu, instructions)), of);
        }

        return all == 0 ? Of(ProductKernel.Interleaved) : default(KernelMix).Plus(sum, 1 / all);
    }

    /// <summary>The sum with some times another.</summary>
    public KernelMix Plus(in KernelMix other, double times) => new(Interleaved + (times * other.Interleaved),
        Tiled + (times * other.Tiled), Rows + (times * other.Rows), Grid + (times * other.Grid));

    /// <summary>
    /// Products of a matrix, in those of an interleaved kernel: Σ share ÷ factor × (n + h·m), of n tokens, m times that the
    /// matrix is gone through, and the h tokens that unpacking it takes as long as. Kernels that unpack a row for each token anew
    /// have that in their factor: h = 0.
    /// </summary>
    public double Tokens(double tokens, double matrices, EngineConstants c) =>
        ((Interleaved + (Tiled / c.HostTiledFactor)) * (tokens + (matrices * c.HostHalfTokens)))
        + (((Rows / c.HostRowsFactor) + (Grid / c.HostGridFactor)) * tokens);
}
