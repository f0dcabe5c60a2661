using LlmMath.Engines.Kernels;

namespace LlmMath.Speed.Kernels;

/// <summary>Corrections of a form between their knots: linear in the logarithm of each size, constant beyond the
/// last.</summary>
/// <param name="axes">The axes.</param>
/// <param name="hundredths">Corrections at the knots, the last axis fastest, in hundredths of a natural logarithm.</param>
internal sealed class Corrections(ValueList<KernelAxis> axes, ValueList<int> hundredths)
{
    /// <summary>The corrections at every power of two of the axes, natural logarithms, the last axis fastest.</summary>
    public double[] OnGrid()
    {
        double[] grid = [.. hundredths];
        int before = 1, after = 1;
        foreach (KernelAxis axis in axes)
        {
            before *= axis.Knots.Count;
        }

        // One axis after the other, the last first: of what is interpolated along it, along those before.
        for (int axis = axes.Count - 1; axis >= 0; axis--)
        {
            before /= axes[axis].Knots.Count;
            grid = Along(grid, axes[axis], before, after);
            after *= axes[axis].High - axes[axis].Low + 1;
        }

        for (int i = 0; i < grid.Length; i++)
        {
            grid[i] /= 100;
        }

        return grid;
    }

    private static double[] Along(double[] values, KernelAxis axis, int before, int after)
    {
        int knots = axis.Knots.Count, points = axis.High - axis.Low + 1;
        double[] along = new double[before * points * after];
        for (int point = 0; point < points; point++)
        {
            (int cell, double within) = Place(axis.Knots, axis.Low + point);
            for (int outer = 0; outer < before; outer++)
            {
                int from = ((outer * knots) + cell) * after, to = ((outer * points) + point) * after;
                for (int inner = 0; inner < after; inner++)
                {
                    double low = values[from + inner];
                    along[to + inner] = within == 0 ? low : low + (within * (values[from + after + inner] - low));
                }
            }
        }

        return along;
    }

    /// <summary>The knot at or before a place, and the way to the next, 0 to 1.</summary>
    public static (int Cell, double Within) Place(ValueList<double> knots, double place)
    {
        int last = knots.Count - 1;
        if (place <= knots[0])
        {
            return (0, 0);
        }

        if (place >= knots[last])
        {
            return (last, 0);
        }

        int cell = 0;
        while (place >= knots[cell + 1])
        {
            cell++;
        }

        return (cell, (place - knots[cell]) / (knots[cell + 1] - knots[cell]));
    }
}
