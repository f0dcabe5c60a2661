using LlmMath.Engines;

namespace LlmMath.Calibration;

/// <summary>The factors that may vary, as the coordinates of a vector; those that are held keep what a former fit gave.</summary>
internal sealed class FactorSpace
{
    private static readonly int s_count = EngineConstant.All.Count;
    private readonly Factors _start;
    private readonly int[][] _index;
    private readonly double[][] _kept;

    /// <summary>Makes the space.</summary>
    /// <param name="start">The former fit, and the priors.</param>
    /// <param name="levels">The levels of the rows, in an order that does not depend on the rows'.</param>
    /// <param name="isFree">Which priors' constants may vary.</param>
    public FactorSpace(Factors start, IReadOnlyList<Level> levels, Func<Prior, bool> isFree)
    {
        (_start, Levels) = (start, levels);
        Free = [.. Enumerable.Range(0, s_count).Where(i => isFree(start.Priors.Priors[i]))];
        _kept = [.. levels.Select(level => start.Logs.GetValueOrDefault(level) ?? new double[s_count])];
        _index = [.. levels.Select(_ => new int[s_count])];
        var widths = new List<double>();
        for (int level = 0; level < levels.Count; level++)
        {
            Array.Fill(_index[level], -1);
            foreach (int i in Free)
            {
                if (levels[level].Concerns(EngineConstant.All[i])
                    && start.Priors.Priors[i].Width(levels[level].Shared) is > 0 and double width)
                {
                    _index[level][i] = widths.Count;
                    widths.Add(width);
                }
            }
        }

        Widths = [.. widths];
    }

    /// <summary>The levels.</summary>
    public IReadOnlyList<Level> Levels { get; }

    /// <summary>The constants that may vary.</summary>
    public int[] Free { get; }

    /// <summary>The prior width of each coordinate.</summary>
    public double[] Widths { get; }

    /// <summary>The coordinate of a constant's factor at a level; below 0 where it is held.</summary>
    public int At(int level, int constant) => _index[level][constant];

    /// <summary>The former fit as a vector.</summary>
    public double[] Start()
    {
        double[] x = new double[Widths.Length];
        for (int level = 0; level < Levels.Count; level++)
        {
            foreach (int i in Free)
            {
                if (At(level, i) >= 0)
                {
                    x[At(level, i)] = _kept[level][i];
                }
            }
        }

        return x;
    }

    /// <summary>The constants of rows at some levels, in seconds and shares.</summary>
    public void Fill(double[] seconds, double[] x, int[] levels)
    {
        for (int i = 0; i < s_count; i++)
        {
            double log = 0;
            foreach (int level in levels)
            {
                log += Log(x, level, i);
            }

            seconds[i] = _start.Priors.Priors[i].Center * EngineConstant.All[i].Unit * Math.Exp(log);
        }
    }

    /// <summary>The fit that a vector stands for.</summary>
    public Factors Factors(double[] x)
    {
        var logs = _start.Logs.ToDictionary(pair => pair.Key, pair => (double[])pair.Value.Clone());
        for (int level = 0; level < Levels.Count; level++)
        {
            int at = level;
            logs[Levels[level]] = [.. Enumerable.Range(0, s_count).Select(i => Log(x, at, i))];
        }

        return _start with { Logs = logs };
    }

    private double Log(double[] x, int level, int i) => At(level, i) < 0 ? _kept[level][i] : x[At(level, i)];
}
