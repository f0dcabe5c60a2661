using LlmMath.Numerics;

/// <summary>A matrix of normal numbers of variance 1 ÷ columns, the same each run. Rows repeat: no kernel is faster or slower for
/// it.</summary>
internal sealed class MadeUpWeights
{
    private const int DistinctRows = 61;

    private readonly float[] _rows;
    private readonly int _count, _columns;

    public MadeUpWeights(int rows, int columns, int seed)
    {
        (_count, _columns) = (rows, columns);
        var random = new Random(seed);
        float scale = 1 / MathF.Sqrt(columns);
        _rows = [.. Enumerable.Range(0, DistinctRows * columns).Select(_ => scale * Normal(random))];
    }

    public ReadOnlySpan<float> Row(int row) => _rows.AsSpan(row % DistinctRows * _columns, _columns);

    public PackedMatrix Pack(MatrixFormat format)
    {
        int rowBytes = _columns / format.BlockElements * format.BlockBytes;
        byte[] blocks = new byte[DistinctRows * rowBytes];
        format.Quantize(_rows, blocks);
        return PackedMatrix.FromRows(
            format, _count, _columns, (row, to) => blocks.AsSpan(row % DistinctRows * rowBytes, rowBytes).CopyTo(to));
    }

    // Box and Muller, A note on the generation of random normal deviates, 1958.
    private static float Normal(Random random) =>
        MathF.Sqrt(-2 * MathF.Log(1 - random.NextSingle())) * MathF.Cos(2 * MathF.PI * random.NextSingle());
}
