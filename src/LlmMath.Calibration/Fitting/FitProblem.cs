using LlmMath.Engines;

namespace LlmMath.Calibration;

/// <summary>What is minimized: Σ of the rows' costs, and ½ Σ (factor's logarithm ÷ its prior's width)².</summary>
internal sealed class FitProblem
{
    // Of the constants, as a share: small enough for a slope, large enough for rounding.
    private const double Step = 1e-4;

    private static readonly int s_count = EngineConstant.All.Count;
    private readonly Setting[] _settings;
    private readonly int[][] _kindLevels;
    private readonly int _mostRows;

    /// <summary>The problem of some rows, which come in an order of their own: the result is the same for any order of the files'
    /// rows.</summary>
    public FitProblem(IEnumerable<CountedRow> rows, Factors start, Func<Prior, bool> isFree)
    {
        CountedRow[][] settings = [.. rows.Where(row => row.Weight > 0)
            .GroupBy(row => row.Row.Key, StringComparer.Ordinal).Select(g => g.ToArray())];
        Level[] levels = [.. settings.SelectMany(s => Level.Of(s[0].Row)).Distinct().Order()];
        var numbers = levels.Select((level, at) => (level, at)).ToDictionary(pair => pair.level, pair => pair.at);
        var kinds = new Dictionary<string, int>(StringComparer.Ordinal);
        var kindLevels = new List<int[]>();
        _settings = new Setting[settings.Length];
        for (int s = 0; s < settings.Length; s++)
        {
            int[] of = [.. Level.Of(settings[s][0].Row).Select(level => numbers[level])];
            if (kinds.TryAdd(string.Join(' ', of), kindLevels.Count))
            {
                kindLevels.Add(of);
            }

            _settings[s] = new(settings[s], of, kinds[string.Join(' ', of)]);
        }

        (Space, _kindLevels) = (new(start, levels, isFree), [.. kindLevels]);
        _mostRows = settings.Max(s => s.Length);
    }

    /// <summary>What may vary.</summary>
    public FactorSpace Space { get; }

    /// <summary>What is minimized.</summary>
    public double Cost(double[] x)
    {
        double cost = 0;
        double[] seconds = new double[s_count], predicted = new double[_mostRows];
        var constants = EngineConstants.Over(seconds);
        foreach (Setting setting in _settings)
        {
            Space.Fill(seconds, x, setting.Levels);
            setting.Predict(constants, predicted);
            for (int r = 0; r < setting.Rows.Length; r++)
            {
                cost += setting.Rows[r].Cost(predicted[r]);
            }
        }

        for (int i = 0; i < x.Length; i++)
        {
            cost += x[i] * x[i] / (2 * Space.Widths[i] * Space.Widths[i]);
        }

        return cost;
    }

    /// <summary>The gradient of the cost, and the matrix that Gauss and Newton take for its curvature: Σ weight ÷ (scale² · (1 +
    /// |u|)) · slope · slopeᵀ over the rows, and 1 ÷ width² on its diagonal. Its lower triangle, row by row.</summary>
    public (double[][] Normal, double[] Gradient) Normal(double[] x)
    {
        double[][] sums = [.. _kindLevels.Select(_ => new double[s_count])];
        double[][,] products = [.. _kindLevels.Select(_ => new double[s_count, s_count])];
        double[][] slopes = [.. Enumerable.Range(0, _mostRows).Select(_ => new double[s_count])];
        double[] seconds = new double[s_count], predicted = new double[_mostRows], moved = new double[_mostRows];
        var constants = EngineConstants.Over(seconds);
        foreach (Setting setting in _settings)
        {
            Space.Fill(seconds, x, setting.Levels);
            setting.Predict(constants, predicted);
            foreach (int i in Space.Free)
            {
                double kept = seconds[i];
                seconds[i] = kept * (1 + Step);
                setting.Predict(constants, moved);
                for (int r = 0; r < setting.Rows.Length; r++)
                {
                    slopes[r][i] = kept > 0 ? Math.Log(moved[r] / predicted[r]) / Step : 0;
                }

                seconds[i] = kept;
            }

            for (int r = 0; r < setting.Rows.Length; r++)
            {
                Add(setting.Rows[r], predicted[r], slopes[r], products[setting.Kind], sums[setting.Kind]);
            }
        }

        return Assembled(x, products, sums);
    }

    private void Add(in CountedRow row, double predicted, double[] slopes, double[,] products, double[] sums)
    {
        double residual = Math.Log(predicted / row.Row.Seconds);
        double weight = row.Weight / (row.Scale * row.Scale * (1 + (Math.Abs(residual) / row.Scale)));
        foreach (int i in Space.Free)
        {
            double slope = slopes[i] * weight;
            sums[i] += slope * residual;
            foreach (int j in Space.Free)
            {
                products[i, j] += slope * slopes[j];
            }
        }
    }

    // A setting's levels share one slope a constant, so that the sums of all settings with the same levels are spread over levels
    // once.
    private (double[][] Normal, double[] Gradient) Assembled(double[] x, double[][,] products, double[][] sums)
    {
        double[][] normal = [.. x.Select((_, i) => new double[i + 1])];
        double[] gradient = new double[x.Length];
        for (int kind = 0; kind < _kindLevels.Length; kind++)
        {
            (int At, int Constant)[] free = [.. _kindLevels[kind].SelectMany(level =>
                Space.Free.Select(i => (Space.At(level, i), i))).Where(p => p.Item1 >= 0)];
            foreach ((int at, int i) in free)
            {
                gradient[at] += sums[kind][i];
                foreach ((int to, int j) in free)
                {
                    if (to <= at)
                    {
                        normal[at][to] += products[kind][i, j];
                    }
                }
            }
        }

        for (int i = 0; i < x.Length; i++)
        {
            normal[i][i] += 1 / (Space.Widths[i] * Space.Widths[i]);
            gradient[i] += x[i] / (Space.Widths[i] * Space.Widths[i]);
        }

        return (normal, gradient);
    }
}
