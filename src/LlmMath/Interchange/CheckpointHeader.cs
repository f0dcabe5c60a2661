using System.Diagnostics;

namespace LlmMath.Interchange;

/// <summary>What a checkpoint's header says: its tensors and metadata, without the weights.</summary>
[DebuggerDisplay("{Format}: {Tensors.Count} tensors")]
public sealed record CheckpointHeader
{
    /// <summary>The file format: <c>safetensors</c> or <c>gguf</c>.</summary>
    public required string Format { get; init; }

    /// <summary>Where the tensors' bytes begin in the file; null for an index, whose tensors lie in several files.</summary>
    public long? DataStart { get; init; }

    /// <summary>Whether the tensors' numbers are big-endian.</summary>
    public bool IsBigEndian { get; init; }

    /// <summary>The tensors, in the header's order.</summary>
    public required ValueList<StoredTensor> Tensors { get; init; }

    /// <summary>The header's metadata: numbers, texts of at most 1 MiB, and lists of numbers of at most 65,536 elements; what is
    /// longer is passed over.</summary>
    public required ModelConfig Metadata { get; init; }

    /// <summary>Lengths of the metadata's lists, whether or not their elements are kept: a tokenizer's vocabulary, for
    /// one.</summary>
    public ModelConfig ListLengths { get; init; } = new();

    /// <summary>Elements of all tensors together.</summary>
    /// <exception cref="EstimateException">The sum exceeds 2⁶³ − 1.</exception>
    public long Parameters => Sum(static tensor => tensor.Elements);

    /// <summary>Bytes of all tensors together, without header and padding.</summary>
    /// <exception cref="EstimateException">The sum exceeds 2⁶³ − 1.</exception>
    public long Bytes => Sum(static tensor => tensor.Bytes);

    private long Sum(Func<StoredTensor, long> part)
    {
        try
        {
            long sum = 0;
            foreach (StoredTensor tensor in Tensors)
            {
                sum = checked(sum + part(tensor));
            }

            return sum;
        }
        catch (OverflowException error)
        {
            throw EstimateException.TooLarge(nameof(Tensors), "their sum", error);
        }
    }
}
