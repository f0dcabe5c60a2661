using LlmMath.Formats;

namespace LlmMath.Architectures;

/// <summary>
/// A tensor of a checkpoint, or a family of tensors alike: one in each layer of its block (<see cref="IsPerLayer"/>), one for
/// each expert (<see cref="IsPerExpert"/>).
/// </summary>
/// <param name="Name">The checkpoint's name, with <c>{layer}</c> and <c>{expert}</c> where the numbers stand.</param>
/// <param name="Shape">Shape of one tensor, in checkpoint order.</param>
/// <param name="Role">What it is for.</param>
public sealed record Tensor(string Name, TensorShape Shape, TensorRole Role)
{
    /// <summary>Whether it is the additive bias of a linear layer; paper estimates leave these out.</summary>
    public bool IsLinearBias { get; init; }

    /// <summary>Whether a matrix stands as [inputs, outputs], not as [outputs, inputs]: quantization blocks run along
    /// inputs.</summary>
    public bool IsInputsFirst { get; init; }

    /// <summary>Whether one stands in each layer of its block; its name holds <c>{layer}</c> then.</summary>
    public bool IsPerLayer { get; init; }

    /// <summary>Whether each expert has one of its own; its name holds <c>{expert}</c> then.</summary>
    public bool IsPerExpert { get; init; }

    /// <summary>How many experts one layer holds in it: its tensors where each expert has its own
    /// (<see cref="IsPerExpert"/>), else the slices of the one stacked tensor; null where it is not an expert's.</summary>
    public long? Experts { get; init; }

    /// <summary>How many of the experts a token uses, 1 to <see cref="Experts"/>; null where it is not an expert's.</summary>
    public long? ActiveExperts { get; init; }

    /// <summary>Whether it is a table of which a token reads a few of millions of rows, found by hashing the last tokens: none of it
    /// counts as active.</summary>
    public bool IsHashedTable { get; init; }

    /// <summary>Name of the tensor whose storage this one shares; null where it has its own. A tied tensor is not counted
    /// again.</summary>
    public string? TiedTo { get; init; }

    /// <summary>What it is to a quantizer, and to whoever divides it over GPUs.</summary>
    internal MatrixKind Kind { get; init; }

    /// <summary>It as matrices of outputs and inputs: a vector is one row, a stack one matrix an expert.</summary>
    /// <exception cref="OverflowException">The number of matrices exceeds 2⁶³ − 1.</exception>
    public MatrixDimensions Matrices
    {
        get
        {
            (long matrices, long outputs, long inputs) = Shape.Rank switch
            {
                1 => (1, 1, Shape[0]),
                2 => (1, Shape[0], Shape[1]),
                3 => (Shape[0], Shape[1], Shape[2]),
                _ => (checked(Shape[0] * Shape[1]), Shape[2], Shape[3]),
            };
            matrices = checked(matrices * Copies);
            return IsInputsFirst ? new(matrices, inputs, outputs) : new(matrices, outputs, inputs);
        }
    }

    /// <summary>Tensors of this name in one layer: the number of experts where each has its own tensor, else 1.</summary>
    public long Copies => IsPerExpert && Experts is { } experts ? experts : 1;

    /// <summary>Elements in one layer, over all experts.</summary>
    /// <exception cref="OverflowException">The product exceeds 2⁶³ − 1.</exception>
    public long Elements => checked(Shape.Elements * Copies);

    /// <summary>Elements in one layer that a token uses: all of them, its share of the experts, or none of a hashed
    /// table.</summary>
    public long ActiveElements => IsHashedTable ? 0 : Experts is { } experts && ActiveExperts is { } active ? Elements / experts * active : Elements;
}
