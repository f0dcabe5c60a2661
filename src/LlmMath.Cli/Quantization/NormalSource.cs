using System.Globalization;

namespace LlmMath.Cli;

/// <summary>Numbers of the unit normal distribution as one tensor: rows of 4,096, or one shorter row.</summary>
internal sealed class NormalSource(long count, long seed) : IValueSource
{
    private const int UsualRow = 4096;

    public string Description =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} numbers of the unit normal distribution, seed {seed}");

    public IReadOnlyList<SourceTensor> Tensors { get; } = count % UsualRow == 0
        ? [new SourceTensor("normal", count / UsualRow, UsualRow)]
        : count < UsualRow
            ? [new SourceTensor("normal", 1, (int)count)]
            : throw new CliException(
                $"--normal: {count} numbers are no whole rows of {UsualRow}: give a multiple of it, or fewer.");

    public void Read(SourceTensor tensor, long start, Span<float> values) => UnitNormals.Fill(values, seed, start);

    public void Dispose()
    {
    }
}
