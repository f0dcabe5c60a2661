using LlmMath.Kernels;

namespace LlmMath;

/// <summary>A product whose groups of rows threads share, in runs side by side: a thread meets the same rows each time, in its own cache.</summary>
internal sealed unsafe class SharedProduct(ProductKernel kernel, nint call, PackedRows layout, int threads, CancellationToken cancellation)
    : IKernelPart
{
    /// <summary>Bytes of weights between two looks at the cancellation: tens of microseconds.</summary>
    private const long CheckBytes = 1 << 20;

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
        int first = (int)((long)layout.Groups * thread / threads), end = (int)((long)layout.Groups * (thread + 1) / threads);
        int step = cancellation.CanBeCanceled ? (int)Math.Clamp(CheckBytes * layout.Groups / layout.Bytes, 1, int.MaxValue) : int.MaxValue;
        while (first < end)
        {
            if (cancellation.IsCancellationRequested)
            {
                _stopped = true;
                return;
            }

            int next = (int)Math.Min((long)first + step, end);
            kernel.Run((ProductCall*)call, first, next);
            first = next;
        }
    }
}
