using System.Globalization;
using LlmMath.Numerics;

namespace LlmMath.Cli;

/// <summary>Numbers of the unit normal distribution: a tensor in rows of 4,096, and the rest in a row of its own.</summary>
internal sealed class NormalSource(long count, long seed) : IValueSource
{
    private const int UsualRow = 4096;

    private readonly SourceTensor _rows = new("normal", count / UsualRow, UsualRow),
        _rest = new("normal, the rest", 1, (int)(count % UsualRow));

    public string Name => "--normal";

    public string Description =>
        string.Create(CultureInfo.InvariantCulture,
            $"{count:N0} {(count == 1 ? "number" : "numbers")} of the unit normal distribution, seed {seed}");

    public IReadOnlyList<SourceTensor> Tensors => [.. new[] { _rows, _rest }.Where(tensor => tensor.Elements > 0)];

    public void Read(SourceTensor tensor, long start, Span<float> values) =>
        UnitNormals.Fill(values, seed, start + (tensor == _rest ? _rows.Elements : 0));

    public void Dispose()
    {
    }
}
