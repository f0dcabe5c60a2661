using LlmMath.Architectures;

namespace LlmMath.Placement.Work;

/// <summary>Elements of matrices by the number format that they are stored in, summed while a model is folded.</summary>
internal sealed class EncodedElements
{
    private readonly List<(string Type, double Elements)> _sums = [];

    /// <summary>Each format with its elements.</summary>
    public IReadOnlyList<(string Type, double Elements)> Sums => _sums;

    /// <summary>Adds elements of a format.</summary>
    public void Add(TensorEncoding encoding, double elements)
    {
        int at = _sums.FindIndex(sum => sum.Type == encoding.Name);
        if (at < 0 && elements > 0)
        {
            _sums.Add((encoding.Name, elements));
        }
        else if (at >= 0)
        {
            _sums[at] = (encoding.Name, _sums[at].Elements + elements);
        }
    }
}

/// <summary>The parts of a <see cref="ModelWork"/> by number format.</summary>
/// <param name="Blocks">Matrices in the blocks but routed experts.</param>
/// <param name="Head">What stands after the blocks.</param>
/// <param name="Experts">Routed experts, in the order of <see cref="ModelWork.Experts"/>.</param>
internal sealed record EncodedWork(EncodedElements Blocks, EncodedElements Head, EncodedElements[] Experts);
