using LlmMath.Speed;

namespace LlmMath.Calibration;

/// <summary>
/// Fits constants to observations. A constant is the product of what all rows share, what an engine adds, what a generation of
/// hardware adds, what both add together, what a GPU and what a release of the engine add; each factor is drawn towards its
/// prior. The cost is Σ weight·ρ(ln(predicted ÷ measured) ÷ scale) with ρ(u) = |u| − ln(1 + |u|), which grows as |u| for
/// outliers; it is minimized by Gauss-Newton steps with Levenberg's damping. Observations come in a fixed order, so that the
/// result is the same for any order of the files' rows.
/// </summary>
internal sealed class PooledFit(Func<string, Prior> priorOf, Func<string, bool> isFree,
    Func<Observation, (double Scale, double Weight)> scaleOf)
{
    private const double Step = 1e-4;
    private static readonly int s_count = EngineConstant.All.Count;
    private static readonly double[] s_units =
    [
        .. EngineConstant.All.Select(c => c.Unit),
    ];

    private readonly Prior[] _priors = [.. EngineConstant.All.Select(constant => priorOf(constant.Name))];
    private readonly int[] _free = [.. Enumerable.Range(0, EngineConstant.All.Count)
        .Where(i => isFree(EngineConstant.All[i].Name))];

    /// <summary>The factors' logarithms by level: <c>""</c>, <c>engine</c>, <c>generation</c>, <c>engine|generation</c>,
    /// <c>vendor</c>, <c>gpu</c>, <c>release</c>.</summary>
    public Dictionary<string, double[]> Solve(
        IReadOnlyList<Observation> rows, IReadOnlyDictionary<string, double[]>? start, int steps)
    {
        var space = new Space(this, rows);
        double[] x = space.Start(start);
        double damping = 1e-3, cost = space.Cost(x);
        for (int step = 0; step < steps; step++)
        {
            (double[][] normal, double[] gradient) = space.Normal(x);
            bool improved = false;
            for (int attempt = 0; attempt < 6 && !improved; attempt++)
            {
                double[] move = Cholesky.Solve(normal, gradient, damping);
                double[] next = [.. x.Select((value, i) => value - Math.Clamp(move[i], -0.7, 0.7))];
                double reached = space.Cost(next);
                improved = reached < cost;
                damping = improved ? Math.Max(1e-6, damping / 5) : damping * 8;
                if (improved)
                {
                    bool isDone = (cost - reached) / cost < 2e-5;
                    (x, cost) = (next, reached);
                    step = isDone ? steps : step;
                }
            }

            if (!improved)
            {
                break;
            }
        }

        return space.Factors(x, start);
    }

    /// <summary>The constants, in the units of <see cref="EngineConstant.All"/>, of an engine on what is named of a place; what
    /// was not seen adds nothing.</summary>
    public double[] ConstantsOf(IReadOnlyDictionary<string, double[]> fit, string engine, Place place)
    {
        double[] values = new double[s_count];
        for (int i = 0; i < s_count; i++)
        {
            double log = 0;
            foreach (string level in Levels(engine, place))
            {
                log += fit.TryGetValue(level, out double[]? factors) ? factors[i] : 0;
            }

            values[i] = _priors[i].Center * Math.Exp(log);
        }

        return values;
    }

    /// <summary>The time that a fit gives for an observation.</summary>
    public double Predict(IReadOnlyDictionary<string, double[]> fit, Observation row)
    {
        double[] seconds = ConstantsOf(fit, row.Engine, row.Place);
        for (int i = 0; i < s_count; i++)
        {
            seconds[i] *= s_units[i];
        }

        return row.Predict(EngineConstants.Over(seconds));
    }

    private static double Width(Prior prior, string level) => level switch
    {
        "" => prior.Common,
        _ when level.StartsWith("gpu ", StringComparison.Ordinal) => prior.Gpu,
        _ when level.StartsWith("vendor ", StringComparison.Ordinal) => prior.Vendor,
        _ when level.StartsWith("release ", StringComparison.Ordinal) => prior.Release,
        _ when level.Contains('|', StringComparison.Ordinal) => prior.Both,
        _ when level.StartsWith("engine ", StringComparison.Ordinal) => prior.Engine,
        _ => prior.Generation,
    };

    /// <summary>The factors of levels that rows belong to: what only rows left out have told is not known without them.</summary>
    public static Dictionary<string, double[]> Known(Dictionary<string, double[]> fit, IEnumerable<Observation> rows)
    {
        HashSet<string> levels = [.. rows.SelectMany(LevelsOf)];
        return fit.Where(pair => levels.Contains(pair.Key))
            .ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
    }

    private static string[] LevelsOf(Observation row) => Levels(row.Engine, row.Place);

    private static string[] Levels(string engine, Place place) =>
    [
        "", "engine " + engine, .. Named("vendor ", place.Vendor), .. Named("generation ", place.Generation),
        .. Named(engine + "|", place.Generation), .. Named("gpu ", place.Gpu),
        .. Named($"release {engine} ", place.Release),
    ];

    private static string[] Named(string level, string? name) => name is null ? [] : [level + name];

    private static double Rho(double u) => Math.Abs(u) - Math.Log(1 + Math.Abs(u));

    /// <summary>The factors that may vary, as a vector, and the cost over it.</summary>
    private sealed class Space
    {
        private readonly PooledFit _fit;
        private readonly Observation[][] _settings;
        private readonly string[] _levels;
        private readonly int[][] _levelsOf;
        private readonly int[] _kinds;
        private readonly int[][] _kindLevels;
        private readonly int[][] _index;
        private readonly double[] _widths;
        private double[][] _kept = [];

        public Space(PooledFit fit, IReadOnlyList<Observation> rows)
        {
            _fit = fit;
            // Rows of one setting stand side by side: one evaluation gives both of its times.
            _settings = [.. rows.Where(row => fit.Scale(row).Weight > 0).GroupBy(row => row.Key, StringComparer.Ordinal)
                .Select(g => g.ToArray())];
            _levels = [.. _settings.SelectMany(s => LevelsOf(s[0])).Distinct().Order(StringComparer.Ordinal)];
            _levelsOf = [.. _settings.Select(s => LevelsOf(s[0]).Select(level => Array.IndexOf(_levels, level)).ToArray())];
            string[] kinds = [.. _levelsOf.Select(of => string.Join(' ', of))];
            string[] distinct = [.. kinds.Distinct()];
            _kinds = [.. kinds.Select(kind => Array.IndexOf(distinct, kind))];
            _kindLevels = [.. distinct.Select(kind => _levelsOf[Array.IndexOf(kinds, kind)])];
            var widths = new List<double>();
            _index = [.. _levels.Select(_ => new int[s_count])];
            for (int level = 0; level < _levels.Length; level++)
            {
                Array.Fill(_index[level], -1);
                foreach (int i in fit._free)
                {
                    if (Width(fit._priors[i], _levels[level]) is > 0 and double width)
                    {
                        _index[level][i] = widths.Count;
                        widths.Add(width);
                    }
                }
            }

            _widths = [.. widths];
        }

        public double[] Start(IReadOnlyDictionary<string, double[]>? start)
        {
            double[] x = new double[_widths.Length];
            _kept = [.. _levels.Select(level => start?.GetValueOrDefault(level) ?? new double[s_count])];
            for (int level = 0; level < _levels.Length; level++)
            {
                for (int i = 0; i < s_count; i++)
                {
                    if (_index[level][i] >= 0)
                    {
                        x[_index[level][i]] = _kept[level][i];
                    }
                }
            }

            return x;
        }

        public Dictionary<string, double[]> Factors(double[] x, IReadOnlyDictionary<string, double[]>? start)
        {
            var factors = (start ?? new Dictionary<string, double[]>())
                .ToDictionary(pair => pair.Key, pair => (double[])pair.Value.Clone(), StringComparer.Ordinal);
            for (int level = 0; level < _levels.Length; level++)
            {
                double[] of = new double[s_count];
                for (int i = 0; i < s_count; i++)
                {
                    of[i] = Factor(x, level, i);
                }

                factors[_levels[level]] = of;
            }

            return factors;
        }

        public double Cost(double[] x)
        {
            double cost = 0;
            double[] seconds = new double[s_count];
            var constants = EngineConstants.Over(seconds);
            for (int s = 0; s < _settings.Length; s++)
            {
                Fill(seconds, x, s);
                var time = ServingTime.Of(_settings[s][0].On, constants, _settings[s][0].Load);
                foreach (Observation row in _settings[s])
                {
                    (double scale, double weight) = _fit.Scale(row);
                    cost += weight * Rho(Math.Log(Read(row, time, constants) / row.Seconds) / scale);
                }
            }

            for (int i = 0; i < x.Length; i++)
            {
                cost += x[i] * x[i] / (2 * _widths[i] * _widths[i]);
            }

            return cost;
        }

        public (double[][] Normal, double[] Gradient) Normal(double[] x)
        {
            double[][] normal = [.. x.Select((_, i) => new double[i + 1])];
            double[] gradient = new double[x.Length], seconds = new double[s_count];
            var constants = EngineConstants.Over(seconds);
            double[][] slopes = [.. Enumerable.Range(0, 3).Select(_ => new double[s_count])];
            double[] predicted = new double[3];
            double[][] sums = [.. _kindLevels.Select(_ => new double[s_count])];
            double[][,] products = [.. _kindLevels.Select(_ => new double[s_count, s_count])];
            for (int s = 0; s < _settings.Length; s++)
            {
                Observation[] rows = _settings[s];
                Fill(seconds, x, s);
                var time = ServingTime.Of(rows[0].On, constants, rows[0].Load);
                for (int r = 0; r < rows.Length; r++)
                {
                    predicted[r] = Read(rows[r], time, constants);
                }

                foreach (int i in _fit._free)
                {
                    double kept = seconds[i];
                    seconds[i] = kept * (1 + Step);
                    time = ServingTime.Of(rows[0].On, constants, rows[0].Load);
                    for (int r = 0; r < rows.Length; r++)
                    {
                        slopes[r][i] = kept > 0 ? Math.Log(Read(rows[r], time, constants) / predicted[r]) / Step : 0;
                    }

                    seconds[i] = kept;
                }

                for (int r = 0; r < rows.Length; r++)
                {
                    (double scale, double weight) = _fit.Scale(rows[r]);
                    double residual = Math.Log(predicted[r] / rows[r].Seconds);
                    weight /= scale * scale * (1 + (Math.Abs(residual) / scale));
                    foreach (int i in _fit._free)
                    {
                        double slope = slopes[r][i] * weight;
                        sums[_kinds[s]][i] += slope * residual;
                        foreach (int j in _fit._free)
                        {
                            products[_kinds[s]][i, j] += slope * slopes[r][j];
                        }
                    }
                }
            }

            for (int kind = 0; kind < _kindLevels.Length; kind++)
            {
                Spread(normal, gradient, _kindLevels[kind], products[kind], sums[kind]);
            }

            for (int i = 0; i < x.Length; i++)
            {
                normal[i][i] += 1 / (_widths[i] * _widths[i]);
                gradient[i] += x[i] / (_widths[i] * _widths[i]);
            }

            return (normal, gradient);
        }

        private static double Read(Observation row, in ServingTime time, EngineConstants constants) =>
            row.Metric == Metric.PrefillPass ? row.Predict(constants) : row.Read(time);

        private double Factor(double[] x, int level, int i) => _index[level][i] < 0 ? _kept[level][i] : x[_index[level][i]];

        private void Fill(double[] seconds, double[] x, int setting)
        {
            for (int i = 0; i < s_count; i++)
            {
                double log = 0;
                foreach (int level in _levelsOf[setting])
                {
                    log += Factor(x, level, i);
                }

                seconds[i] = _fit._priors[i].Center * s_units[i] * Math.Exp(log);
            }
        }

        // A setting's levels share one slope a constant, so that the sums of all settings with the same levels are spread over
        // levels once.
        private void Spread(double[][] normal, double[] gradient, int[] levels, double[,] products, double[] sums)
        {
            (int At, int Constant)[] free = [.. levels.SelectMany(level => _fit._free.Select(i => (_index[level][i], i)))
                .Where(p => p.Item1 >= 0)];
            foreach ((int at, int i) in free)
            {
                gradient[at] += sums[i];
                foreach ((int to, int j) in free)
                {
                    if (to <= at)
                    {
                        normal[at][to] += products[i, j];
                    }
                }
            }
        }
    }

    private (double Scale, double Weight) Scale(Observation row)
    {
        (double scale, double weight) = scaleOf(row);
        return (scale, weight * row.Weight);
    }
}
