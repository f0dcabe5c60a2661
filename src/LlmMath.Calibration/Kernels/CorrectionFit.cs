using LlmMath.Engines.Kernels;
using LlmMath.Speed.Kernels;

namespace LlmMath.Calibration.Kernels;

/// <summary>Fits corrections of a form at the knots of its axes: least absolute deviations by weights, with neighbours held
/// together and all of them near zero, solved by conjugate gradients.</summary>
internal static class CorrectionFit
{
    // Deviations below this count as equal.
    private const double Least = 0.03;

    private const int Rounds = 4, Steps = 30;

    /// <summary>The corrections, the last axis fastest, in natural logarithms.</summary>
    /// <param name="axes">The axes.</param>
    /// <param name="sizes">Each row's place.</param>
    /// <param name="off">Each row's logarithm of measured ÷ form.</param>
    /// <param name="together">How strongly neighbours are held together, in rows.</param>
    public static double[] Of(ValueList<KernelAxis> axes, IReadOnlyList<double[]> sizes, double[] off, double together)
    {
        int knots = axes.Aggregate(1, (all, axis) => all * axis.Knots.Count), corners = 1 << axes.Count;
        int[] at = new int[off.Length * corners];
        float[] share = new float[off.Length * corners];
        for (int row = 0; row < off.Length; row++)
        {
            Corners(axes, sizes[row], at.AsSpan(row * corners, corners), share.AsSpan(row * corners, corners));
        }

        (int First, int Second)[] pairs = [.. Neighbours(axes)];
        double[] x = new double[knots], weights = [.. Enumerable.Repeat(1.0, off.Length)];
        for (int round = 0; round < Rounds; round++)
        {
            Solve(x, at, share, corners, off, weights, pairs, together);
            for (int row = 0; row < off.Length; row++)
            {
                double sum = 0;
                for (int c = row * corners; c < (row + 1) * corners; c++)
                {
                    sum += share[c] * x[at[c]];
                }

                weights[row] = Least / Math.Max(Least, Math.Abs(off[row] - sum));
            }
        }

        return x;
    }

    private static void Solve(double[] x, int[] at, float[] share, int corners, double[] off, double[] weights,
        (int First, int Second)[] pairs, double together)
    {
        double alone = together / 10;
        double[] residual = new double[x.Length], diagonal = new double[x.Length], product = new double[x.Length];
        for (int row = 0; row < off.Length; row++)
        {
            for (int c = row * corners; c < (row + 1) * corners; c++)
            {
                residual[at[c]] += share[c] * weights[row] * off[row];
                diagonal[at[c]] += share[c] * share[c] * weights[row];
            }
        }

        foreach ((int first, int second) in pairs)
        {
            diagonal[first] += together;
            diagonal[second] += together;
        }

        Multiply(x, product);
        for (int i = 0; i < x.Length; i++)
        {
            residual[i] -= product[i];
            diagonal[i] += alone;
        }

        double[] direction = [.. residual.Select((r, i) => r / diagonal[i])];
        double size = Dot(residual, direction), first0 = size;
        for (int step = 0; step < Steps && size > 1e-8 * (first0 + 1e-12); step++)
        {
            Multiply(direction, product);
            double length = size / Dot(direction, product);
            for (int i = 0; i < x.Length; i++)
            {
                x[i] += length * direction[i];
                residual[i] -= length * product[i];
            }

            double next = 0;
            for (int i = 0; i < x.Length; i++)
            {
                next += residual[i] * residual[i] / diagonal[i];
            }

            for (int i = 0; i < x.Length; i++)
            {
                direction[i] = (residual[i] / diagonal[i]) + (next / size * direction[i]);
            }

            size = next;
        }

        void Multiply(double[] v, double[] result)
        {
            for (int i = 0; i < v.Length; i++)
            {
                result[i] = alone * v[i];
            }

            foreach ((int first, int second) in pairs)
            {
                double apart = together * (v[first] - v[second]);
                result[first] += apart;
                result[second] -= apart;
            }

            for (int row = 0; row < off.Length; row++)
            {
                double sum = 0;
                for (int c = row * corners; c < (row + 1) * corners; c++)
                {
                    sum += share[c] * v[at[c]];
                }

                sum *= weights[row];
                for (int c = row * corners; c < (row + 1) * corners; c++)
                {
                    result[at[c]] += share[c] * sum;
                }
            }
        }
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    private static void Corners(ValueList<KernelAxis> axes, double[] sizes, Span<int> at, Span<float> share)
    {
        at[0] = 0;
        share[0] = 1;
        int count = 1;
        for (int axis = 0; axis < axes.Count; axis++)
        {
            ValueList<double> knots = axes[axis].Knots;
            (int cell, double within) = Corrections.Place(knots, Math.Log2(sizes[axis]));
            for (int c = count - 1; c >= 0; c--)
            {
                int index = (at[c] * knots.Count) + cell;
                float whole = share[c];
                at[(2 * c) + 1] = Math.Min(index + 1, ((at[c] + 1) * knots.Count) - 1);
                share[(2 * c) + 1] = whole * (float)within;
                (at[2 * c], share[2 * c]) = (index, whole * (float)(1 - within));
            }

            count *= 2;
        }
    }

    private static IEnumerable<(int First, int Second)> Neighbours(ValueList<KernelAxis> axes)
    {
        int all = axes.Aggregate(1, (product, axis) => product * axis.Knots.Count), stride = all;
        foreach (KernelAxis axis in axes.ToArray())
        {
            stride /= axis.Knots.Count;
            for (int i = 0; i < all; i++)
            {
                if (i / stride % axis.Knots.Count < axis.Knots.Count - 1)
                {
                    yield return (i, i + stride);
                }
            }
        }
    }
}
