using LlmMath.Engines;
using LlmMath.Speed.Own;

namespace LlmMath.Calibration;

/// <summary>
/// Constants of every trainer on every generation, found together from priors by Bayes' rule. A constant's logarithm is the sum
/// of its prior's center, what all rows share, what a trainer's rows, a generation's, and a trainer's on a generation do, each
/// normally distributed about 0. What a row measures is then ln(estimate ÷ measured time) = 0 but for what its model, its
/// set-up and the row itself add. Linear about the values of the step before, these are a normal distribution over rows, and the
/// constants' means follow from K·α = y: K the rows' covariance, y what is to be explained. A row that lies far off counts less,
/// as Student's distribution of four degrees has it.
/// </summary>
internal sealed class TrainingFit
{
    private const int Steps = 12, Careful = 3, Freedom = 4;

    // Of the first steps this share is taken; no step takes a factor further than e^0.5. Steps below the last are none.
    private const double Damping = 0.6, LongestMove = 0.5, LastMove = 0.003;

    // As logarithms: what one set-up's runs (of several releases) share, what mixtures of a release do, and a row's own noise.
    private const double Setup = 0.1, Release = 0.15, Noise = 0.05;

    // By which a constant is moved to see what it does to an estimate.
    private const double Nudge = 0.01;

    private readonly TrainingRow[] _rows;
    private readonly TrainingForm _form;
    private readonly double[] _weights, _explained;
    private readonly double[][] _slopes;
    private readonly Dictionary<(string, string), double[]> _values = [];

    private TrainingFit(TrainingRow[] rows, TrainingForm form)
    {
        (_rows, _form) = (rows, form);
        _weights = [.. rows.Select(_ => 1.0)];
        _explained = new double[rows.Length];
        _slopes = [.. rows.Select(_ => new double[TrainingPrior.All.Count])];
        foreach (TrainingRow row in rows)
        {
            _values[(row.Trainer, row.Generation)] = [.. TrainingPrior.All.Select(prior => Math.Log(prior.Center))];
        }

        for (int step = 0; step < Steps && Step(step < Careful ? Damping : 1) > LastMove; step++)
        {
        }
    }

    /// <summary>Fits rows.</summary>
    public static TrainingFit Of(IEnumerable<TrainingRow> rows, TrainingForm form) => new([.. rows], form);

    /// <summary>ln(estimated ÷ measured time) of each row by a fit that has not seen its fold.</summary>
    public static double[] LeftOut(IReadOnlyList<TrainingRow> rows, TrainingForm form, Func<TrainingRow, string> foldOf)
    {
        double[] errors = new double[rows.Count];
        string[] folds = [.. rows.Select(foldOf).Distinct()];
        Parallel.ForEach(folds, fold =>
        {
            TrainingFit fit = Of(rows.Where(row => foldOf(row) != fold), form);
            for (int i = 0; i < errors.Length; i++)
            {
                errors[i] = foldOf(rows[i]) == fold ? fit.LogError(rows[i]) : errors[i];
            }
        });
        return errors;
    }

    /// <summary>A trainer's constants on a generation, in the order of <see cref="TrainingConstant.All"/>.</summary>
    public double[] Values(string trainer, string generation) => Exponents(
        _values.TryGetValue((trainer, generation), out double[]? found) ? found : Logarithms(trainer, generation));

    /// <summary>ln(estimated ÷ measured time) of a row.</summary>
    public double LogError(TrainingRow row)
    {
        double release = 0;
        for (int i = 0; i < _rows.Length; i++)
        {
            release += _explained[i] * SharedRelease(row, _rows[i]);
        }

        return row.LogError(Values(row.Trainer, row.Generation)) + release;
    }

    // Solves once; the largest move of a constant's logarithm.
    private double Step(double damping)
    {
        double[] wanted = [.. _rows.Select((row, i) => Linear(row, _slopes[i]))];
        double[] found = Cholesky.Solve(Cholesky.Root(Covariance()), wanted);
        found.CopyTo(_explained, 0);
        double furthest = 0;
        foreach (var ((trainer, generation), values) in _values)
        {
            double[] next = Logarithms(trainer, generation);
            for (int k = 0; k < values.Length; k++)
            {
                double move = damping * Math.Clamp(next[k] - values[k], -LongestMove, LongestMove);
                (values[k], furthest) = (values[k] + move, Math.Max(furthest, Math.Abs(move)));
            }
        }

        for (int i = 0; i < _weights.Length; i++)
        {
            double own = found[i] * Noise / _weights[i];
            _weights[i] = (Freedom + 1) / (Freedom + (own * own));
        }

        return furthest;
    }

    // What a row asks of the constants, from their priors' centers, and how its estimate goes with each.
    private double Linear(TrainingRow row, double[] slopes)
    {
        double[] values = _values[(row.Trainer, row.Generation)];
        double error = row.LogError(Exponents(values)), wanted = -error;
        for (int k = 0; k < values.Length; k++)
        {
            double kept = values[k];
            values[k] = kept + Nudge;
            slopes[k] = IsFree(k) ? (row.LogError(Exponents(values)) - error) / Nudge : 0;
            values[k] = kept;
            wanted += slopes[k] * (kept - Math.Log(TrainingPrior.All[k].Center));
        }

        return wanted;
    }

    private double[][] Covariance()
    {
        double[][] lower = new double[_rows.Length][];
        for (int i = 0; i < lower.Length; i++)
        {
            lower[i] = new double[i + 1];
            for (int j = 0; j <= i; j++)
            {
                (TrainingRow one, TrainingRow other) = (_rows[i], _rows[j]);
                (double kernels, double own) = Shared(one.Trainer, one.Generation, other);
                double sum = 0;
                for (int k = 0; k < _slopes[i].Length; k++)
                {
                    TrainingPrior prior = TrainingPrior.All[k];
                    sum += _slopes[i][k] * _slopes[j][k] * Square(prior.Width) * (prior.IsKernels ? kernels : own);
                }

                bool same = one.Trainer == other.Trainer;
                lower[i][j] = sum + SharedRelease(one, other)
                    + (same && one.On.Model == other.On.Model ? Square(one.IsMixture ? _form.Mixture : _form.Dense) : 0)
                    + (same && one.Setup == other.Setup ? Setup * Setup : 0) + (i == j ? Noise * Noise / _weights[i] : 0);
            }
        }

        return lower;
    }

    private double[] Logarithms(string trainer, string generation)
    {
        double[] values = [.. TrainingPrior.All.Select(prior => Math.Log(prior.Center))];
        for (int i = 0; i < _rows.Length; i++)
        {
            (double kernels, double own) = Shared(trainer, generation, _rows[i]);
            for (int k = 0; k < values.Length; k++)
            {
                TrainingPrior prior = TrainingPrior.All[k];
                values[k] += Square(prior.Width) * _slopes[i][k] * _explained[i] * (prior.IsKernels ? kernels : own);
            }
        }

        for (int k = 0; k < values.Length; k++)
        {
            values[k] = Math.Min(values[k], Math.Log(TrainingPrior.All[k].Most));
        }

        return values;
    }

    private double[] Exponents(double[] logarithms) => [.. logarithms.Select((value, k) =>
        IsFree(k) ? Math.Min(TrainingPrior.All[k].Most, Math.Exp(value)) : TrainingConstant.All[k].Neutral)];

    // The variance that two rows' constants share, in that of what all rows share: of kernels, and of trainers.
    private (double Kernels, double Own) Shared(string trainer, string generation, TrainingRow row)
    {
        bool ofTrainer = row.Trainer == trainer;
        double both = 1 + (row.Generation == generation ? Square(_form.Generation) * (ofTrainer ? 2 : 1) : 0);
        return ofTrainer ? (both + Square(_form.Kernels), both + Square(_form.Trainer)) : (both, both);
    }

    private double SharedRelease(TrainingRow one, TrainingRow other) => _form.Releases && one.Release.Length > 0
        && one.IsMixture && other.IsMixture && one.Trainer == other.Trainer && one.Release == other.Release
        ? Square(Release) : 0;

    private static double Square(double width) => width * width;

    private bool IsFree(int constant) => _form.Mixtures || TrainingConstant.All[constant].Name != TrainingConstant.OfMixtures;
}
