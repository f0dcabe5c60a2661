using System.Diagnostics;

namespace LlmMath.Fuzz;

/// <summary>Which inputs a run gives a surface, and how long it may take.</summary>
/// <param name="Seed">The seed of the whole run.</param>
/// <param name="From">The first input's number.</param>
/// <param name="Count">Inputs at most.</param>
/// <param name="Longest">When it ends, done or not.</param>
internal sealed record FuzzPlan(int Seed, long From, long Count, TimeSpan Longest)
{
    /// <summary>An input that has not ended by then counts as one that never does. Generous: it is no measurement.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromMinutes(2);
}

/// <summary>Gives a surface its inputs, one after another, on a thread of its own.</summary>
internal sealed class FuzzRun
{
    private readonly Surface _surface;
    private readonly FuzzPlan _plan;
    private readonly FuzzResult _result;
    private long _number, _started;
    private volatile Trial? _trial;

    private FuzzRun(Surface surface, FuzzPlan plan) => (_surface, _plan, _result) = (surface, plan, new(surface, plan.Seed));

    /// <summary>Runs a plan. Where an input does not end, the result says so, and its thread is left behind.</summary>
    public static FuzzResult Of(Surface surface, FuzzPlan plan)
    {
        var run = new FuzzRun(surface, plan);
        var thread = new Thread(run.Inputs) { IsBackground = true, Name = "fuzz " + surface.Name };
        long begun = Stopwatch.GetTimestamp();
        run._started = begun;
        thread.Start();
        while (!thread.Join(TimeSpan.FromMilliseconds(50)))
        {
            if (Stopwatch.GetElapsedTime(Volatile.Read(ref run._started)) > FuzzPlan.Patience)
            {
                run._result.AddEndless(Volatile.Read(ref run._number), Stopwatch.GetElapsedTime(begun),
                    run._trial!.Input);
                return run._result;
            }
        }

        return run._result;
    }

    private void Inputs()
    {
        long start = Stopwatch.GetTimestamp();
        for (long i = 0; i < _plan.Count && Stopwatch.GetElapsedTime(start) < _plan.Longest; i++)
        {
            long number = _plan.From + i;
            Volatile.Write(ref _number, number);
            Volatile.Write(ref _started, Stopwatch.GetTimestamp());
            One(number);
        }

        _result.Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private void One(long number)
    {
        var trial = Trial.Of(_plan.Seed, number, _result.Work);
        _trial = trial;
        long bytes = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            bool isAccepted = _surface.Try(trial);
            bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
            PropertyException.Require(bytes <= _surface.MostBytes, "no more is allocated than the surface may", bytes);
            _result.Add(isAccepted, Stopwatch.GetElapsedTime(_started).TotalSeconds, bytes, number, trial.Input);
        }
#pragma warning disable CA1031 // Whatever else a surface throws is the finding.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            _result.Add(failure, number, trial.Input);
        }
    }
}
