using LlmMath.Architectures;
using LlmMath.Formats;

namespace LlmMath.Models.Quantization;

/// <summary>A module of a model as a quantizer sees it.</summary>
/// <param name="Name">Its name: a tensor's, without <c>.weight</c>, with numbers in place.</param>
/// <param name="Tensor">Its weight.</param>
internal readonly record struct QuantizedModule(string Name, Tensor Tensor)
{
    /// <summary>Whether quantizers take it where they take every linear layer of the blocks.</summary>
    public bool IsLinear => Tensor.Kind.IsLinear() && !Tensor.IsKeptWide;

    /// <summary>Whether it is a mixture's routed expert.</summary>
    public bool IsExpert => IsLinear && Tensor.Role == TensorRole.Expert;

    /// <summary>Whether it is a linear layer of the blocks, or the head.</summary>
    public bool IsLinearOrHead => IsLinear || Tensor.Kind == MatrixKind.Head;
}

/// <summary>Which modules a config's quantization takes, and how it stores them.</summary>
/// <param name="Field">The field that says so, as a path.</param>
/// <param name="Products">In which number format most products are made.</param>
/// <param name="EncodingOf">How a module is stored; null for one that stays as it is.</param>
internal sealed record QuantizationScheme(string Field, ProductFormat Products, Func<QuantizedModule, TensorEncoding?> EncodingOf)
{
    /// <summary>Whose files hold it.</summary>
    public FormatGroup Group { get; init; } = FormatGroup.Checkpoint;

    /// <summary>A format with a name of its own that stores just so; null where none does.</summary>
    public WeightFormat? Named { get; init; }

    /// <summary>Patterns that each module is tried with.</summary>
    public int Tried { get; init; }
}
