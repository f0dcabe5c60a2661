namespace LlmMath.Numerics.Kernels;

/// <summary>A product whose groups of rows threads share.</summary>
internal sealed unsafe class SharedProduct(
    ProductKernel kernel, nint call, PackedRows layout, int threads, CancellationToken cancellation)
    : IKernelPart
{
    /// <summary>Bytes of weights taken at a time, and between two looks at the cancellation: some microseconds.</summary>
    private const long StepBytes = 1 << 17;

    private readonly Shares _groups =
        new(layout.Groups, threads, (int)Math.Clamp(StepBytes * layout.Groups / layout.Bytes, 1, int.MaxValue));
    private volatile bool _stopped;

    /// <summary>Runs it on the workers, or on this thread where there are none.</summary>
    public void Run(KernelWorkers? workers)
    {
        if (workers is null)
        {
            Run(0);
        }
        else
        {
            workers.Run(this);
        }

        if (_stopped)
        {
            throw new OperationCanceledException(cancellation);
        }
    }

    /// <inheritdoc/>
    public void Run(int thread)
    {
        while (_groups.Take(thread, out int first, out int end))
        {
            if (cancellation.IsCancellationRequested)
            {
                _stopped = true;
                return;
            }

            kernel.Run((ProductCall*)call, first, end);
        }
    }
}
