namespace LlmMath.Calibration;

/// <summary>
/// Fits constants to observations. A constant is the product of what all rows share, what an engine adds, what a generation of hardware adds,
/// what both add together and what a GPU adds; each factor is drawn towards its prior. The cost is Σ weight·ρ(ln(predicted ÷ measured) ÷ scale) with
/// ρ(u) = |u| − ln(1 + |u|), which grows as |u| for outliers; it is minimized by Gauss-Newton steps with Levenberg's damping. Observations
/// come in a fixed order, so that the result is the same for any order of the files' rows.
/// </summary>
internal sealed class PooledFit(Func<string, Prior> priorOf, Func<string, bool> isFree, Func<Metric, (double Scale, double Weight)> scaleOf)
{
    private const double Step = 1e-4;
    private static readonly int s_count = EngineConstant.All.Count;
    private static readonly double[] s_units = [.. EngineConstant.All.Select(c => c.Name.EndsWith("_us", StringComparison.Ordinal) ? 1e-6 : 1)];

    private readonly Prior[] _priors = [.. EngineConstant.All.Select(constant => priorOf(constant.Name))];
    private readonly bool[] _free = [.. EngineConstant.All.Select(constant => isFree(constant.Name))];

    /// <summary>The factors' logarithms by level: <c>""</c>, <c>engine</c>, <c>generation</c>, <c>engine|generation</c>, <c>vendor</c>, <c>gpu</c>.</summary>
    public Dictionary<string, double[]> Solve(IReadOnlyList<Observation> rows, IReadOnlyDictionary<string, double[]>? start, int steps)
    {
        string[] levels = [.. rows.SelectMany(LevelsOf).Distinct().Order(StringComparer.Ordinal)];
        int size = levels.Length * s_count;
        var index = levels.Select((level, i) => (level, i)).ToDictionary(p => p.level, p => p.i * s_count, StringComparer.Ordinal);
        int[][] offsets = [.. rows.Select(row => LevelsOf(row).Select(level => index[level]).ToArray())];
        double[] x = new double[size], widths = new double[size];
        foreach (string level in levels)
        {
            start?.GetValueOrDefault(level)?.CopyTo(x, index[level]);
            for (int i = 0; i < s_count; i++)
            {
                widths[index[level] + i] = _free[i] ? Width(_priors[i], level) : 0;
            }
        }

        double damping = 1e-3, cost = Cost(rows, offsets, x, widths);
        for (int step = 0; step < steps; step++)
        {
            (double[][] normal, double[] gradient) = Normal(rows, offsets, x, widths);
            bool improved = false;
            for (int attempt = 0; attempt < 6 && !improved; attempt++)
            {
                double[] move = Cholesky.Solve(normal, gradient, damping);
                double[] next = [.. x.Select((value, i) => value - Math.Clamp(move[i], -0.7, 0.7))];
                double reached = Cost(rows, offsets, next, widths);
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

        return levels.ToDictionary(level => level, level => x[index[level]..(index[level] + s_count)], StringComparer.Ordinal);
    }

    /// <summary>The constants, in the units of <see cref="EngineConstant.All"/>, of an engine on what is named of a place; what was not seen adds nothing.</summary>
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
        _ when level.Contains('|', StringComparison.Ordinal) => prior.Both,
        _ when level.StartsWith("engine ", StringComparison.Ordinal) => prior.Engine,
        _ => prior.Generation,
    };

    private static string[] LevelsOf(Observation row) => Levels(row.Engine, row.Place);

    private static string[] Levels(string engine, Place place) =>
    [
        "", "engine " + engine, .. Named("vendor ", place.Vendor), .. Named("generation ", place.Generation),
        .. Named(engine + "|", place.Generation), .. Named("gpu ", place.Gpu),
    ];

    private static string[] Named(string level, string? name) => name is null ? [] : [level + name];

    private static double Rho(double u) => Math.Abs(u) - Math.Log(1 + Math.Abs(u));

    private void Fill(double[] seconds, double[] x, int[] offsets)
    {
        for (int i = 0; i < s_count; i++)
        {
            double log = 0;
            foreach (int offset in offsets)
            {
                log += x[offset + i];
            }

            seconds[i] = _priors[i].Center * s_units[i] * Math.Exp(log);
        }
    }

    private double Cost(IReadOnlyList<Observation> rows, int[][] offsets, double[] x, double[] widths)
    {
        double cost = 0;
        double[] seconds = new double[s_count];
        var constants = EngineConstants.Over(seconds);
        for (int r = 0; r < rows.Count; r++)
        {
            (double scale, double weight) = scaleOf(rows[r].Metric);
            if (weight > 0)
            {
                Fill(seconds, x, offsets[r]);
                cost += rows[r].Weight * weight * Rho(Math.Log(rows[r].Predict(constants) / rows[r].Seconds) / scale);
            }
        }

        for (int i = 0; i < x.Length; i++)
        {
            cost += widths[i] > 0 ? x[i] * x[i] / (2 * widths[i] * widths[i]) : 0;
        }

        return cost;
    }

    private (double[][] Normal, double[] Gradient) Normal(IReadOnlyList<Observation> rows, int[][] offsets, double[] x, double[] widths)
    {
        double[][] normal = [.. x.Select((_, i) => new double[i + 1])];
        double[] gradient = new double[x.Length], seconds = new double[s_count], slopes = new double[s_count];
        var constants = EngineConstants.Over(seconds);
        for (int r = 0; r < rows.Count; r++)
        {
            (double scale, double weight) = scaleOf(rows[r].Metric);
            if (weight == 0)
            {
                continue;
            }

            Fill(seconds, x, offsets[r]);
            double predicted = rows[r].Predict(constants), residual = Math.Log(predicted / rows[r].Seconds);
            for (int i = 0; i < s_count; i++)
            {
                double kept = seconds[i];
                seconds[i] = kept * (1 + Step);
                slopes[i] = _free[i] && kept > 0 ? Math.Log(rows[r].Predict(constants) / predicted) / Step : 0;
                seconds[i] = kept;
            }

            Accumulate(normal, gradient, offsets[r], slopes, residual, rows[r].Weight * weight / (scale * scale) / (1 + (Math.Abs(residual) / scale)), widths);
        }

        for (int i = 0; i < x.Length; i++)
        {
            normal[i][i] += widths[i] > 0 ? 1 / (widths[i] * widths[i]) : 1;
            gradient[i] += widths[i] > 0 ? x[i] / (widths[i] * widths[i]) : 0;
        }

        return (normal, gradient);
    }

    private static void Accumulate(double[][] normal, double[] gradient, int[] offsets, double[] slopes, double residual, double weight, double[] widths)
    {
        foreach (int row in offsets)
        {
            for (int i = 0; i < s_count; i++)
            {
                double slope = slopes[i] * weight;
                if (slope == 0 || widths[row + i] == 0)
                {
                    continue;
                }

                gradient[row + i] += slope * residual;
                foreach (int column in offsets)
                {
                    int end = column == row ? i : column < row ? s_count - 1 : -1;
                    for (int j = 0; j <= end; j++)
                    {
                        normal[row + i][column + j] += widths[column + j] == 0 ? 0 : slope * slopes[j];
                    }
                }
            }
        }
    }
}
