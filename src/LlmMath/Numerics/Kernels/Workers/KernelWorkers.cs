using System.Diagnostics;
using LlmMath.Numerics.Kernels;

namespace LlmMath.Numerics;

/// <summary>
/// Threads that share a product: the caller and <c>threads − 1</c> helpers. A helper that waits spins for a while, so that the
/// next product starts within a fraction of a microsecond, and then parks. One product runs at a time; another caller waits for
/// it.
/// </summary>
public sealed class KernelWorkers : IDisposable
{
    /// <summary>Threads that can share a product at most, the caller included: 1,024.</summary>
    public const int MostThreads = 1024;

    /// <summary>How long a helper spins before it parks: longer than what lies between two products of a forward pass.</summary>
    private static readonly long s_spinTicks = Stopwatch.Frequency / 5000;

    private readonly Helper[] _helpers;
    private readonly object _turn = new();
    private volatile bool _disposed;

    /// <summary>Starts the helpers.</summary>
    /// <param name="threads">Threads in all, the caller included: 1 to <see cref="MostThreads"/>; more than the processor has
    /// cores only slows it.</param>
    /// <param name="started">Called on each helper thread with its number (1, 2, …) before anything else: the place to pin it to
    /// a core. This returns once all of them have returned. What one of them throws is thrown here, and the helpers end; those
    /// that have not returned by then end when they do.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is below 1 or above
    /// <see cref="MostThreads"/>.</exception>
    /// <exception cref="OutOfMemoryException">The system gives no more threads.</exception>
    public KernelWorkers(int threads, Action<int>? started = null)
    {
        // An object whose constructor throws is finalized like any other.
        _helpers = [];
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads, MostThreads);
        HelperStarts? starts = started is null ? null : new(started);
        var helpers = new List<Helper>(threads - 1);
        try
        {
            while (helpers.Count < threads - 1)
            {
                helpers.Add(new Helper(helpers.Count + 1, starts, s_spinTicks));
            }

            starts?.Await(helpers.Count);
        }
        catch
        {
            helpers.ForEach(helper => helper.End());
            throw;
        }

        _helpers = [.. helpers];
    }

    /// <summary>Lets the helpers go where nobody disposed of them.</summary>
    ~KernelWorkers()
    {
        foreach (Helper helper in _helpers)
        {
            helper.End();
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

    /// <summary>Ends the helpers, after the product that runs, if any. Products that wait for their turn, and later ones, throw.
    /// Workers that are forgotten give their threads back when they are collected.</summary>
    public void Dispose()
    {
        // Said before the turn is waited for: else callers that multiply without a pause might take it again and again.
        _disposed = true;
        lock (_turn)
        {
            foreach (Helper helper in _helpers)
            {
                helper.Dispose();
            }
        }

        GC.SuppressFinalize(this);
    }
}
