namespace LlmMath;

/// <summary>Work that threads share.</summary>
internal interface IKernelPart
{
    /// <summary>Does one thread's part.</summary>
    void Run(int thread);
}
