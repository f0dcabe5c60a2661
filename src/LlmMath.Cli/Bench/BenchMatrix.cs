using LlmMath.Numerics;

namespace LlmMath.Cli.Bench;

/// <summary>Weights to multiply, as their format stores them, and vectors: normal numbers, few of their rows distinct, since no
/// kernel's time depends on what they are.</summary>
internal sealed class BenchMatrix
{
    private const int DistinctRows = 48;

    private readonly byte[] _rows;
    private readonly int _rowBytes;

    public BenchMatrix(MatrixFormat format, int rows, int columns, int vectors)
    {
        (Format, Rows, Columns, Vectors) = (format, rows, columns, vectors);
        var random = new Random(1);
        X = [.. Enumerable.Range(0, columns * vectors).Select(_ => Normal(random))];
        _rowBytes = columns / format.BlockElements * format.BlockBytes;
        _rows = new byte[_rowBytes * DistinctRows];
        for (int row = 0; row < DistinctRows; row++)
        {
            float[] values = [.. Enumerable.Range(0, columns).Select(_ => Normal(random))];
            format.Quantize(values, _rows.AsSpan(row * _rowBytes, _rowBytes));
        }
    }

    public MatrixFormat Format { get; }

    public int Rows { get; }

    public int Columns { get; }

    public int Vectors { get; }

    public float[] X { get; }

    /// <summary>Bytes of the stored matrix: what every contender's rate is reckoned by.</summary>
    public long Bytes => (long)_rowBytes * Rows;

    public ReadOnlySpan<byte> Row(int row) => _rows.AsSpan(row % DistinctRows * _rowBytes, _rowBytes);

    public PackedMatrix Pack() => PackedMatrix.FromRows(Format, Rows, Columns, (row, blocks) => Row(row).CopyTo(blocks));

    // Box and Muller, A note on the generation of random normal deviates, 1958.
    private static float Normal(Random random) =>
        (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
}
