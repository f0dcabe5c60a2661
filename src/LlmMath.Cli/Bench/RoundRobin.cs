using System.Diagnostics;

namespace LlmMath.Cli.Bench;

/// <summary>Samples contenders in turn, so that what slows the machine for a while slows each alike.</summary>
internal static class RoundRobin
{
    /// <summary>Seconds of a sample, at least: long beside the clock's step and a thread's wake.</summary>
    private const double SampleSeconds = 0.003;

    /// <summary>Seconds before the first round: compiled code is final, caches and page tables are warm.</summary>
    private const double WarmSeconds = 0.12;

    /// <summary>Seconds a call takes: an array of rounds for each contender, in their order.</summary>
    public static double[][] Measure(IReadOnlyList<Contender> contenders, int rounds)
    {
        int[] calls = [.. contenders.Select(Warm)];
        double[][] seconds = [.. contenders.Select(_ => new double[rounds])];
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < contenders.Count; i++)
            {
                seconds[i][round] = Sample(contenders[i], calls[i]);
            }
        }

        return seconds;
    }

    /// <summary>The middle value.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        int half = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    /// <returns>Calls in a sample.</returns>
    private static int Warm(Contender contender)
    {
        contender.Wake();
        long start = Stopwatch.GetTimestamp();
        int done = 0;
        do
        {
            contender.Multiply();
            done++;
        }
        while (done < 3 || Stopwatch.GetElapsedTime(start).TotalSeconds < WarmSeconds);
        double each = Stopwatch.GetElapsedTime(start).TotalSeconds / done;
        contender.Sleep();
        return (int)Math.Max(1, Math.Ceiling(SampleSeconds / each));
    }

    private static double Sample(Contender contender, int calls)
    {
        contender.Wake();
        contender.Multiply();
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++)
        {
            contender.Multiply();
        }

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds / calls;
        contender.Sleep();
        return seconds;
    }
}
