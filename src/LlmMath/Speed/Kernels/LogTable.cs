using LlmMath.Engines.Kernels;

namespace LlmMath.Speed.Kernels;

/// <summary>Seconds over up to four sizes, kept as logarithms at every power of two and interpolated between: continuous,
/// and never
/// less for a larger size.</summary>
internal sealed class LogTable
{
    private readonly double[] _logs;
    private readonly double[] _low = new double[4], _top = new double[4];
    private readonly bool[] _grows = new bool[4];
    private readonly int[] _stride = new int[4], _count = [1, 1, 1, 1];

    /// <summary>Computes every power of two of the axes.</summary>
    /// <param name="axes">One to four.</param>
    /// <param name="seconds">The time at a point, above 0; the point's number among all, the last axis fastest.</param>
    public LogTable(ValueList<KernelAxis> axes, Func<double[], int, double> seconds)
    {
        int first = 4 - axes.Count;
        for (int i = 0; i < axes.Count; i++)
        {
            KernelAxis axis = axes[i];
            (_low[first + i], _top[first + i]) = (axis.Low, axis.High);
            _count[first + i] = axis.High - axis.Low + 1;
            _grows[first + i] = axis.Grows;
        }

        int all = 1;
        for (int i = 3; i >= 0; i--)
        {
            _stride[i] = all;
            all *= _count[i];
        }

        _logs = new double[all];
        double[][] sizes = [.. axes.Select(axis =>
            Enumerable.Range(axis.Low, axis.High - axis.Low + 1).Select(power => Math.Pow(2, power)).ToArray())];
        double[] at = new double[axes.Count];
        for (int index = 0; index < all; index++)
        {
            for (int i = 0; i < at.Length; i++)
            {
                at[i] = sizes[i][index / _stride[first + i] % sizes[i].Length];
            }

            _logs[index] = Math.Log(seconds(at, index));
        }

        for (int i = first; i < 4; i++)
        {
            MakeRise(i);
        }
    }

    // Where a form or its corrections fall, the mean of the least rising table above and the greatest below. Rising along
    // other
    // axes is kept: both are, and so is their mean.
    private void MakeRise(int axis)
    {
        int stride = _stride[axis], count = _count[axis];
        double[] below = new double[count];
        for (int start = 0; start < _logs.Length; start++)
        {
            if (start / stride % count != 0)
            {
                continue;
            }

            double least = double.PositiveInfinity, most = double.NegativeInfinity;
            for (int i = count - 1; i >= 0; i--)
            {
                below[i] = least = Math.Min(least, _logs[start + (i * stride)]);
            }

            for (int i = 0; i < count; i++)
            {
                most = Math.Max(most, _logs[start + (i * stride)]);
                _logs[start + (i * stride)] = (most + below[i]) / 2;
            }
        }
    }

    /// <summary>Takes the times of another table of the same axes wherever they are less.</summary>
    public void Cap(LogTable other)
    {
        for (int i = 0; i < _logs.Length; i++)
        {
            _logs[i] = Math.Min(_logs[i], other._logs[i]);
        }
    }

    /// <summary>Seconds at a point of one to four sizes, the last axis last; those that the table lacks are 1.</summary>
    public double Seconds(double w, double x, double y, double z)
    {
        double beyond = 1;
        (int iw, double tw) = At(0, w, ref beyond);
        (int ix, double tx) = At(1, x, ref beyond);
        (int iy, double ty) = At(2, y, ref beyond);
        (int iz, double tz) = At(3, z, ref beyond);
        int at = (iw * _stride[0]) + (ix * _stride[1]) + (iy * _stride[2]) + iz;
        double log = Space(at, tx, ty, tz);
        if (tw > 0)
        {
            log += tw * (Space(at + _stride[0], tx, ty, tz) - log);
        }

        return Math.Exp(log) * beyond;
    }

    /// <summary>The table over its second size where the two after it stay as they are: the same times, found sooner.</summary>
    public LogLine Along(double y, double z)
    {
        double beyondY = 1, beyondZ = 1;
        (int iy, double ty) = At(2, y, ref beyondY);
        (int iz, double tz) = At(3, z, ref beyondZ);
        double[] logs = new double[_count[1]];
        for (int i = 0; i < logs.Length; i++)
        {
            logs[i] = Plane((i * _stride[1]) + (iy * _stride[2]) + iz, ty, tz);
        }

        return new(logs, beyondY, beyondZ);
    }

    /// <summary>Where its second size cuts it.</summary>
    public LogCut Cut(double x)
    {
        double beyond = 1;
        (int cell, double within) = At(1, x, ref beyond);
        return new(cell, within, beyond);
    }

    private double Space(int at, double tx, double ty, double tz)
    {
        double log = Plane(at, ty, tz);
        return tx > 0 ? log + (tx * (Plane(at + _stride[1], ty, tz) - log)) : log;
    }

    private double Plane(int at, double ty, double tz)
    {
        double log = Line(at, tz);
        return ty > 0 ? log + (ty * (Line(at + _stride[2], tz) - log)) : log;
    }

    private double Line(int at, double tz) => tz > 0 ? _logs[at] + (tz * (_logs[at + 1] - _logs[at])) : _logs[at];

    // The cell and the place in it; beyond the last size, how many times as large.
    private (int Cell, double Within) At(int axis, double size, ref double beyond)
    {
        if (_count[axis] == 1)
        {
            return (0, 0);
        }

        double place = Math.Log2(size);
        if (!(place > _low[axis]))
        {
            return (0, 0);
        }

        if (place >= _top[axis])
        {
            beyond *= _grows[axis] ? size / Math.Pow(2, _top[axis]) : 1;
            return (_count[axis] - 1, 0);
        }

        place -= _low[axis];
        int cell = (int)place;
        return (cell, place - cell);
    }
}
