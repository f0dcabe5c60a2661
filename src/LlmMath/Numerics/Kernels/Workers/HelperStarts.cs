using System.Runtime.ExceptionServices;

namespace LlmMath.Numerics.Kernels;

/// <summary>What whoever starts helpers waits for: that each of them has begun, or one could not.</summary>
internal sealed class HelperStarts(Action<int> started)
{
    private readonly object _lock = new();
    private ExceptionDispatchInfo? _failure;
    private int _begun;

    /// <summary>On a helper's thread: does what it is to begin with.</summary>
    /// <returns>False where that failed; the one who waits is told.</returns>
    public bool Begin(int number)
    {
        ExceptionDispatchInfo? failure = null;
        try
        {
            started(number);
        }
#pragma warning disable CA1031 // Whatever it is, the thread that waits throws it.
        catch (Exception problem)
#pragma warning restore CA1031
        {
            failure = ExceptionDispatchInfo.Capture(problem);
        }

        lock (_lock)
        {
            _failure ??= failure;
            _begun++;
            Monitor.PulseAll(_lock);
        }

        return failure is null;
    }

    /// <summary>Waits for so many helpers, or until one has failed, and throws what that one threw.</summary>
    public void Await(int helpers)
    {
        lock (_lock)
        {
            while (_begun < helpers && _failure is null)
            {
                Monitor.Wait(_lock);
            }
        }

        _failure?.Throw();
    }
}
