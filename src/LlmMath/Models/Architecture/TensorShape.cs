using System.Globalization;

namespace LlmMath.Architectures;

/// <summary>The dimensions of a tensor in checkpoint order (PyTorch: a linear layer is [out, in]); one to four, each 1 or
/// more, and their product at most 2⁶³ − 1.</summary>
public readonly record struct TensorShape
{
    private readonly long _d0, _d1, _d2, _d3;

    /// <summary>Makes a shape.</summary>
    /// <param name="d0">The slowest dimension.</param>
    /// <param name="d1">The second dimension, where there is one.</param>
    /// <param name="d2">The third dimension, where there is one.</param>
    /// <param name="d3">The fourth dimension, where there is one.</param>
    /// <exception cref="ArgumentOutOfRangeException">A dimension is zero or negative, or their product exceeds
    /// 2⁶³ − 1.</exception>
    public TensorShape(long d0, long? d1 = null, long? d2 = null, long? d3 = null)
    {
        (_d0, _d1, _d2, _d3) = (Positive(d0), Positive(d1 ?? 1), Positive(d2 ?? 1), Positive(d3 ?? 1));
        Rank = d3 is not null ? 4 : d2 is not null ? 3 : d1 is not null ? 2 : 1;
        if (_d1 > long.MaxValue / _d0 || _d2 > long.MaxValue / (_d0 * _d1) || _d3 > long.MaxValue / (_d0 * _d1 * _d2))
        {
            throw new ArgumentOutOfRangeException(nameof(d0), this, "The dimensions multiply beyond 2^63 - 1.");
        }
    }

    /// <summary>Number of dimensions, 1 to 4.</summary>
    public int Rank { get; }

    /// <summary>A dimension.</summary>
    /// <param name="axis">0 to <see cref="Rank"/> − 1, the slowest first.</param>
    /// <exception cref="ArgumentOutOfRangeException">The axis is outside the rank.</exception>
    public long this[int axis] => axis < 0 || axis >= Rank
        ? throw new ArgumentOutOfRangeException(nameof(axis), axis, "The axis is outside the shape's rank.")
        : axis switch { 0 => _d0, 1 => _d1, 2 => _d2, _ => _d3 };

    /// <summary>Number of elements: the product of the dimensions.</summary>
    public long Elements => _d0 * _d1 * _d2 * _d3;

    /// <summary>The dimensions in brackets: <c>[1024, 4096]</c>.</summary>
    public override string ToString()
    {
        var text = new System.Text.StringBuilder("[");
        for (int axis = 0; axis < Rank; axis++)
        {
            text.Append(axis == 0 ? "" : ", ").Append(this[axis].ToString(CultureInfo.InvariantCulture));
        }

        return text.Append(']').ToString();
    }

    private static long Positive(long dimension) => dimension > 0
        ? dimension
        : throw new ArgumentOutOfRangeException(nameof(dimension), dimension, "A dimension is 1 or more.");
}
