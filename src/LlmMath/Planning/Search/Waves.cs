using System.Runtime.ExceptionServices;

namespace LlmMath.Planning.Search;

/// <summary>Looks at every model on every machine on all processors, some models at a time: what they find is gathered before the
/// next ones look, so that the answer and every count are the same on any number of processors.</summary>
internal static class Waves
{
    // So many models at a time: enough for all processors, few enough that what they find cuts the next.
    private const int Width = 32;

    /// <summary>Looks.</summary>
    /// <param name="machines">The machines, in order.</param>
    /// <param name="models">How many models there are.</param>
    /// <param name="look">Looks at a machine and a model; of one model never twice at once.</param>
    /// <param name="gather">Gathers what a model found, in the order of models.</param>
    /// <param name="progress">Called with the share that is done.</param>
    /// <param name="cancellation">Ends it.</param>
    public static void Over(IReadOnlyList<int> machines, int models, Action<int, int> look, Action<int> gather,
        Action<double>? progress, CancellationToken cancellation)
    {
        for (int at = 0; at < machines.Count; at++)
        {
            for (int first = 0; first < models; first += Width)
            {
                cancellation.ThrowIfCancellationRequested();
                progress?.Invoke((at + ((double)first / models)) / machines.Count);
                int machine = machines[at], end = Math.Min(models, first + Width);
                Each(first, end, model => look(machine, model));
                for (int model = first; model < end; model++)
                {
                    gather(model);
                }
            }
        }
    }

    private static void Each(int first, int end, Action<int> look)
    {
        if (end - first == 1 || Environment.ProcessorCount == 1)
        {
            for (int model = first; model < end; model++)
            {
                look(model);
            }

            return;
        }

        try
        {
            Parallel.For(first, end, look);
        }
        catch (AggregateException errors)
        {
            ExceptionDispatchInfo.Throw(errors.InnerExceptions[0]);
        }
    }
}
