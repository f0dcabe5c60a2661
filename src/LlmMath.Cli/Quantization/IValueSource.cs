namespace LlmMath.Cli;

/// <summary>Where values to quantize come from: tensors, each of rows.</summary>
internal interface IValueSource : IDisposable
{
    /// <summary>What errors call it: the file's path.</summary>
    string Name { get; }

    /// <summary>What it is, in one line.</summary>
    string Description { get; }

    /// <summary>The tensors.</summary>
    IReadOnlyList<SourceTensor> Tensors { get; }

    /// <summary>Reads values of a tensor from an element on.</summary>
    void Read(SourceTensor tensor, long start, Span<float> values);
}

/// <summary>A tensor to quantize.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="RowElements">Elements of a row.</param>
internal sealed record SourceTensor(string Name, long Rows, int RowElements)
{
    /// <summary>Its elements.</summary>
    public long Elements => checked(Rows * RowElements);
}
