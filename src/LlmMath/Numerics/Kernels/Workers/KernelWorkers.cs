using System.Diagnostics;

namespace LlmMath;

/// <summary>
/// Threads that share a product: the caller and <c>threads − 1</c> helpers. A helper that waits spins for a while, so that the
/// next product starts within a fraction of a microsecond, and then parks. One product runs at a time; another caller waits for
/// it.
/// </summary>
public sealed class KernelWorkers : IDisposable
{
    /// <summary>How long a helper spins before it parks: longer than what lies between two products of a forward pass.</summary>
    private static readonly long s_spinTicks = Stopwatch.Frequency / 5000;

    private readonly Helper[] _helpers;
    private readonly object _turn = new();
    private bool _disposed;

    /// <summary>Starts the helpers.</summary>
    /// <param name="threads">Threads in all, the caller included: 1 or more; more than the processor has cores only slows
    /// it.</param>
    /// <param name="started">Called on each helper thread with its number (1, 2, …) before anything else: the place to pin it to
    /// a core.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is below 1 or above 1024.</exception>
    public KernelWorkers(int threads, Action<int>? started = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads, 1024);
        _helpers = new Helper[threads - 1];
        for (int i = 0; i < _helpers.Length; i++)
        {
            _helpers[i] = new Helper(i + 1, started, s_spinTicks);
        }
    }

    /// <summary>Threads in all, the caller included.</summary>
    public int Threads => _helpers.Length + 1;

    /// <summary>Runs <paramref name="part"/> on every thread with its number, 0 on the caller's, and returns when all are
    /// done.</summary>
    /// <param name="part">What each thread does. An exception ends the part that threw it; the first is thrown here once all are
    /// done.</param>
    /// <exception cref="ObjectDisposedException">The workers are disposed.</exception>
    internal void Run(IKernelPart part)
    {
        lock (_turn)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            foreach (Helper helper in _helpers)
            {
                helper.Start(part);
            }

            try
            {
                part.Run(0);
            }
            finally
            {
                // The helpers read the caller's pinned memory: they must be done even where its own part failed.
                foreach (Helper helper in _helpers)
                {
                    helper.Finish();
                }
            }

            foreach (Helper helper in _helpers)
            {
                helper.ThrowIfFailed();
            }
        }
    }

    /// <summary>Ends the helpers, after the product that runs, if any.</summary>
    public void Dispose()
    {
        lock (_turn)
        {
            if (!_disposed)
            {
                _disposed = true;
                foreach (Helper helper in _helpers)
                {
                    helper.Dispose();
                }
            }
        }
    }
}
