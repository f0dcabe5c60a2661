namespace LlmMath.Tests;

/// <summary>Bytes that an action allocates.</summary>
internal static class Allocation
{
    /// <summary>
    /// The fewest bytes of several runs on this thread, after one that is not counted: the runtime itself may allocate in a run
    /// in which it compiles a method again, code that allocates does so in each.
    /// </summary>
    public static long Least(Action action)
    {
        action();
        long least = long.MaxValue;
        for (int run = 0; run < 5 && least > 0; run++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
