namespace LlmMath.Numerics.Kernels;

/// <summary>Work that threads share, such that any of them alone would do all that no other has begun: <see
/// cref="Kernels.Shares"/>.</summary>
internal interface IKernelPart
{
    /// <summary>Works until nothing is left to begin.</summary>
    void Run(int thread);
}
