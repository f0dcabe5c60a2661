using LlmMath.Engines;

namespace LlmMath.Calibration;

/// <summary>
/// Fits the constants of an engine's memory to measured peaks. The cost is Σ ρ(ln(estimated ÷ measured) ÷ 0.02) + ½ Σ ln(constant
/// ÷ its center)², ρ(u) = |u| − ln(1 + |u|); the peak is a maximum of sums, so that it has kinks: it is minimized by moving one
/// constant after the other, in ever smaller steps.
/// </summary>
internal static class MemoryFit
{
    // The error, as a logarithm, that is usual.
    private const double Scale = 0.02;

    // How far a constant may stray from its center, as a logarithm.
    private const double Width = 1;

    private static readonly double[] s_steps = [1, 0.5, 0.25, 0.1, 0.05, 0.02, 0.01, 0.005];

    /// <summary>Rows that tell of these constants.</summary>
    public static bool Tells(MemoryRow row) => row.Use != RowUse.Other && row.Quantity is Quantity.Total or Quantity.PerGpu
        or Quantity.Allocated or Quantity.Activation or Quantity.ActivationGpu or Quantity.Loaded or Quantity.Profiled;

    /// <summary>The engine with the constants that fit rows best.</summary>
    /// <param name="engine">The engine, whose other facts stay.</param>
    /// <param name="rows">Rows of it; without any, constants are their centers.</param>
    /// <param name="start">Times the centers, where the search starts.</param>
    public static Engine Fit(Engine engine, IReadOnlyList<MemoryRow> rows, double start = 1)
    {
        MemoryConstant[] free = [.. MemoryConstant.FreeOf(engine)];
        double[] logs = [.. free.Select(_ => Math.Log(start))];
        double cost = Cost(With(engine, free, logs), rows, logs);
        foreach (double step in s_steps)
        {
            for (bool moved = true; moved;)
            {
                moved = false;
                for (int i = 0; i < 2 * logs.Length; i++)
                {
                    double[] next = [.. logs];
                    next[i / 2] += i % 2 == 0 ? step : -step;
                    double reached = Cost(With(engine, free, next), rows, next);
                    if (reached < cost - 1e-9)
                    {
                        (logs, cost, moved) = (next, reached, true);
                    }
                }
            }
        }

        return With(engine, free, logs);
    }

    /// <summary>The bytes of each row from a fit that has seen no row of its model.</summary>
    public static double[] LeaveModelOut(Engine engine, IReadOnlyList<MemoryRow> rows) =>
    [
        .. rows.Select(row => MemoryPrediction.Of(row,
            Fit(engine, [.. rows.Where(other => other.Model.Name != row.Model.Name)]))),
    ];

    private static Engine With(Engine engine, MemoryConstant[] free, double[] logs)
    {
        EngineMemory memory = engine.Memory!;
        for (int i = 0; i < free.Length; i++)
        {
            memory = free[i].With(memory, free[i].Center * Math.Exp(logs[i]));
        }

        return engine with { Memory = memory };
    }

    private static double Cost(Engine engine, IReadOnlyList<MemoryRow> rows, double[] logs)
    {
        double cost = logs.Sum(log => log * log / (2 * Width * Width));
        foreach (MemoryRow row in rows)
        {
            double u = Math.Abs(Math.Log(MemoryPrediction.Of(row, engine) / row.Bytes) / Scale);
            cost += u - Math.Log(1 + u);
        }

        return cost;
    }
}
