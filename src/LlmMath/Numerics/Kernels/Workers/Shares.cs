namespace LlmMath.Numerics.Kernels;

/// <summary>
/// Work that threads share: each begins with a run of its own, the same every time, which lies in its own cache; one that is done
/// takes from what others have not begun. So a thread that the system holds up, or that never starts, holds nobody up for long.
/// </summary>
internal sealed class Shares
{
    /// <summary>Integers between two counters: no two threads write one cache line.</summary>
    private const int Apart = 32;

    private readonly int _items, _threads, _step;
    private readonly int[] _next;

    /// <summary>Shares items out.</summary>
    /// <param name="items">How many.</param>
    /// <param name="threads">Threads, 1 or more.</param>
    /// <param name="step">Items taken at a time, 1 or more.</param>
    public Shares(int items, int threads, int step)
    {
        (_items, _threads, _step) = (items, threads, Math.Clamp(step, 1, Math.Max(1, items)));
        _next = new int[threads * Apart];
        for (int thread = 0; thread < threads; thread++)
        {
            _next[thread * Apart] = Start(thread);
        }
    }

    /// <summary>Takes the next items, <paramref name="first"/> to <paramref name="end"/> − 1, a thread's own first.</summary>
    /// <returns>False when all are taken.</returns>
    public bool Take(int thread, out int first, out int end)
    {
        for (int i = 0; i < _threads; i++)
        {
            int owner = (thread + i) % _threads, last = Start(owner + 1);
            ref int next = ref _next[owner * Apart];
            if (Volatile.Read(ref next) < last)
            {
                first = (int)Math.Min(Interlocked.Add(ref next, _step) - (long)_step, last);
                if (first < last)
                {
                    end = (int)Math.Min((long)first + _step, last);
                    return true;
                }
            }
        }

        (first, end) = (0, 0);
        return false;
    }

    private int Start(int thread) => (int)((long)_items * thread / _threads);
}
