using LlmMath.Engines.Kernels;
using LlmMath.Speed.Kernels;
using LlmMath.Speed.Own;

namespace LlmMath.Calibration.Kernels;

/// <summary>Fits the constants of a form: Gauss-Newton on logarithms of times, with weights that bound what a row far off
/// can pull,
/// and a weak pull of each constant to its start.</summary>
internal sealed class FormFit
{
    // A row further off than this counts by its distance, not by its square.
    private const double Robust = 0.1;

    // How strongly a constant is held at its start, as a share of the rows' pull.
    private const double Hold = 5e-4;

    // Steps grow with a size at most so.
    private const double MostPower = 1.5;

    private const int Steps = 20;

    private readonly int _axes, _count;
    private readonly KernelOperator _kind;
    private readonly KernelPeaks _peaks;
    private readonly double[][] _logs, _sizes;
    private readonly double[] _target, _beside;
    private readonly bool _computes;

    private FormFit(KernelSet set)
    {
        _axes = set.Axes.Count;
        _count = 5 + (3 * _axes);
        _logs = [.. set.Rows.Select(row => row.Sizes.Select(size => Math.Log(size)).ToArray())];
        _sizes = [.. set.Rows.Select(row => row.Sizes)];
        (_kind, _peaks) = (set.Operator, set.Peaks);
        _target = [.. set.Rows.Select(row => Math.Log(row.Seconds))];
        _beside = [.. set.Rows.Select(row => row.Beside)];
        _computes = set.Rows.Count > 0 && _peaks.Computing(_kind, set.Rows[0].Sizes) > 0;
    }

    /// <summary>The form that fits a set best.</summary>
    public static KernelForm Of(KernelSet set) => new FormFit(set).Fit();

    // Two valleys: tiles that waste little, and tiles that waste much.
    private KernelForm Fit()
    {
        (double[] little, double cost) = From(1);
        (double[] much, double other) = From(32);
        return Form(other < cost ? much : little);
    }

    private (double[] Constants, double Cost) From(double half)
    {
        double[] start = Start(half), x = [.. start];
        double damping = 1e-2, cost = Cost(x, start);
        for (int step = 0; step < Steps; step++)
        {
            (double[][] normal, double[] gradient) = Normal(x, start);
            double before = cost;
            bool improved = false;
            for (int attempt = 0; attempt < 8 && !improved; attempt++)
            {
                double[] move = Cholesky.Solve(Cholesky.Root(normal, damping), gradient);
                double[] next = [.. x.Select((value, i) =>
                    Math.Clamp(value - Math.Clamp(move[i], -1, 1), start[i] - 12, start[i] + 12))];
                double reached = Cost(next, start);
                improved = reached < cost;
                damping = improved ? Math.Max(1e-7, damping / 4) : damping * 6;
                (x, cost) = improved ? (next, reached) : (x, cost);
            }

            if (!improved || before - cost < 1e-5 * before)
            {
                break;
            }
        }

        return (x, cost);
    }

    // Constants as their logarithms (powers as logits): launch, 1/bandwidth share, 1/compute share, step, sharpness − 1,
    // then for each
    // axis half of reading, half of the rate, and the step's power.
    private double[] Start(double half)
    {
        double[] x = new double[_count];
        double[] sorted = [.. _target.Select((target, i) =>
            Math.Log(Math.Max(Math.Exp(target) - _beside[i], Math.Exp(target) / 10))).Order()];
        x[0] = sorted[sorted.Length / 100];
        x[1] = Math.Log(1.2);
        x[2] = Math.Log(1.3);
        x[3] = x[0] - 5;
        for (int i = 0; i < _axes; i++)
        {
            x[5 + (3 * i)] = Math.Log(0.05);
            x[6 + (3 * i)] = Math.Log(half);
            x[7 + (3 * i)] = -1.5;
        }

        return x;
    }

    private double Evaluate(double[] x, int row, Span<double> slopes)
    {
        double[] logs = _logs[row], sizes = _sizes[row];
        Span<double> read = stackalloc double[4], rate = stackalloc double[4];
        double step = x[3], p = 1 + Math.Exp(x[4]);
        for (int i = 0; i < _axes; i++)
        {
            read[i] = sizes[i] + Math.Exp(x[5 + (3 * i)]);
            rate[i] = sizes[i] + Math.Exp(x[6 + (3 * i)]);
            step += Power(x[7 + (3 * i)]) * logs[i];
        }

        double ofRead = _peaks.Reading(_kind, read), ofRate = _peaks.Computing(_kind, rate);
        double reading = ofRead * Math.Exp(x[1]), computing = ofRate * Math.Exp(x[2]);
        step = Math.Exp(step);
        double most = Math.Max(reading, Math.Max(computing, step));
        double r = reading / most, c = computing / most, s = step / most;
        double rp = Power(r, p), cp = Power(c, p), sp = Power(s, p), sum = rp + cp + sp;
        double body = most * Math.Pow(sum, 1 / p), launch = Math.Exp(x[0]), time = launch + body + _beside[row];
        if (slopes.IsEmpty)
        {
            return Math.Log(time);
        }

        double share = body / time;
        double ofReading = share * rp / sum, ofComputing = share * cp / sum, ofStep = share * sp / sum;
        slopes[0] = launch / time;
        slopes[1] = ofReading;
        slopes[2] = ofComputing;
        slopes[3] = ofStep;
        double mixed = (Log(r, rp) + Log(c, cp) + Log(s, sp)) / sum;
        slopes[4] = share * (p - 1) * ((mixed / p) - (Math.Log(sum) / (p * p)));
        for (int i = 0; i < _axes; i++)
        {
            double power = Power(x[7 + (3 * i)]);
            slopes[5 + (3 * i)] = ofReading < 1e-6 ? 0 : ofReading * Slope(read, i, read[i] - sizes[i], ofRead, isRead: true);
            slopes[6 + (3 * i)] = ofComputing < 1e-6 ? 0
                : ofComputing * Slope(rate, i, rate[i] - sizes[i], ofRate, isRead: false);
            slopes[7 + (3 * i)] = ofStep * power * (1 - (power / MostPower)) * logs[i];
        }

        return Math.Log(time);
    }

    // How the logarithm of a part grows with the logarithm of what is added to a size.
    private double Slope(Span<double> at, int axis, double added, double least, bool isRead)
    {
        const double small = 1e-4;
        double before = at[axis];
        at[axis] += added * small;
        double more = isRead ? _peaks.Reading(_kind, at) : _peaks.Computing(_kind, at);
        at[axis] = before;
        return (more - least) / (least * small);
    }

    private static double Power(double x) => MostPower / (1 + Math.Exp(-x));

    private static double Power(double share, double p) => share >= 1 ? 1 : share <= 1e-12 ? 0 : Math.Pow(share, p);

    private static double Log(double share, double power) => power > 0 && share < 1 ? power * Math.Log(share) : 0;

    private double Cost(double[] x, double[] start)
    {
        double cost = 0;
        for (int row = 0; row < _target.Length; row++)
        {
            double off = Math.Abs(Evaluate(x, row, []) - _target[row]);
            cost += off <= Robust ? off * off : Robust * ((2 * off) - Robust);
        }

        double hold = Hold * _target.Length;
        return cost + (hold * Enumerable.Range(0, _count).Sum(i => Math.Pow((x[i] - start[i]) * Weight(i), 2)));
    }

    private static double Weight(int i) => i is 1 or 2 ? 0.3 : 0.1;

    private (double[][] Normal, double[] Gradient) Normal(double[] x, double[] start)
    {
        double[][] normal = [.. Enumerable.Range(0, _count).Select(i => new double[i + 1])];
        double[] gradient = new double[_count];
        Span<double> slopes = stackalloc double[_count];
        for (int row = 0; row < _target.Length; row++)
        {
            double off = Evaluate(x, row, slopes) - _target[row];
            double weight = Math.Abs(off) <= Robust ? 1 : Robust / Math.Abs(off);
            for (int i = 0; i < _count; i++)
            {
                double scaled = weight * slopes[i];
                gradient[i] += scaled * off;
                double[] line = normal[i];
                for (int j = 0; j <= i; j++)
                {
                    line[j] += scaled * slopes[j];
                }
            }
        }

        double hold = Hold * _target.Length;
        for (int i = 0; i < _count; i++)
        {
            double weight = hold * Weight(i) * Weight(i);
            gradient[i] += weight * (x[i] - start[i]);
            normal[i][i] += weight + 1e-9;
        }

        return (normal, gradient);
    }

    private KernelForm Form(double[] x)
    {
        double[] read = new double[4], rate = new double[4], power = new double[4];
        for (int i = 0; i < _axes; i++)
        {
            read[i] = Rounded(Math.Exp(x[5 + (3 * i)]));
            rate[i] = _computes ? Rounded(Math.Exp(x[6 + (3 * i)])) : 0;
            power[i] = Rounded(Power(x[7 + (3 * i)]));
        }

        return new()
        {
            Launch = Rounded(Math.Exp(x[0]) * 1e6) * 1e-6,
            Bandwidth = Rounded(Math.Exp(-x[1])),
            Compute = _computes ? Rounded(Math.Exp(-x[2])) : 1,
            Step = Rounded(Math.Exp(x[3]) * 1e9) * 1e-9,
            Sharpness = Rounded(1 + Math.Exp(x[4])),
            HalfRead = [.. read],
            HalfRate = [.. rate],
            StepPower = [.. power],
        };
    }

    /// <summary>Three digits: what the file holds.</summary>
    internal static double Rounded(double value) => value < 1e-9 ? 0
        : double.Parse(value.ToString("G3", System.Globalization.CultureInfo.InvariantCulture),
            System.Globalization.CultureInfo.InvariantCulture);
}
