using LlmMath.Engines.Kernels;

namespace LlmMath.Speed.Kernels;

/// <summary>Corrections of a form between their knots: linear in the logarithm of each size, constant beyond the
/// last.</summary>
/// <param name="axes">The axes.</param>
/// <param name="hundredths">Corrections at the knots, the last axis fastest, in hundredths of a natural logarithm.</param>
internal sealed class Corrections(ValueList<KernelAxis> axes, ValueList<int> hundredths)
{
    /// <summary>The correction at a point, a natural logarithm.</summary>
    public double At(ReadOnlySpan<double> sizes) => At(sizes, 0, 0) / 100;

    private double At(ReadOnlySpan<double> sizes, int axis, int index)
    {
        if (axis == axes.Count)
        {
            return hundredths[index];
        }

        ValueList<double> knots = axes[axis].Knots;
        (int cell, double within) = Place(knots, Math.Log2(sizes[axis]));
        double low = At(sizes, axis + 1, (index * knots.Count) + cell);
        return within == 0 ? low : low + (within * (At(sizes, axis + 1, (index * knots.Count) + cell + 1) - low));
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
