using System.Diagnostics;
using LlmMath.Formats;

namespace LlmMath.Architectures;

/// <summary>
/// A tensor of a checkpoint, or a family of tensors alike: one in each layer of its block (<see cref="IsPerLayer"/>), one for
/// each expert (<see cref="IsPerExpert"/>). One whose elements in a layer exceed 2⁶³ − 1 cannot be made.
/// </summary>
/// <param name="Name">The checkpoint's name, with <c>{layer}</c> and <c>{expert}</c> where the numbers stand.</param>
/// <param name="Shape">Shape of one tensor, in checkpoint order.</param>
/// <param name="Role">What it is for.</param>
[DebuggerDisplay("{Name,nq} {Shape}")]
public sealed record Tensor(string Name, TensorShape Shape, TensorRole Role)
{
    /// <summary>Shape of one tensor, in checkpoint order.</summary>
    /// <exception cref="ArgumentOutOfRangeException">As many of this shape have more than 2⁶³ − 1 elements.</exception>
    public TensorShape Shape
    {
        get;
        init => field = value.Elements <= long.MaxValue / Math.Max(1, Copies) ? value : throw TooLarge(nameof(Shape), value);
    } = Shape;

    /// <summary>Whether it is the additive bias of a linear layer; paper estimates leave these out.</summary>
    public bool IsLinearBias { get; init; }

    /// <summary>Whether a matrix stands as [inputs, outputs], not as [outputs, inputs]: quantization blocks run along
    /// inputs.</summary>
    public bool IsInputsFirst { get; init; }

    /// <summary>Whether one stands in each layer of its block; its name holds <c>{layer}</c> then.</summary>
    public bool IsPerLayer { get; init; }

    /// <summary>Whether each expert has one of its own; its name holds <c>{expert}</c> then.</summary>
    /// <exception cref="ArgumentOutOfRangeException">So many experts have more than 2⁶³ − 1 elements.</exception>
    public bool IsPerExpert
    {
        get;
        init => field = !value || Holds(Experts) ? value : throw TooLarge(nameof(IsPerExpert), value);
    }

    /// <summary>How many experts one layer holds in it: its tensors where each expert has its own
    /// (<see cref="IsPerExpert"/>), else the slices of the one stacked tensor; null where it is not an expert's; 1 or
    /// more.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1, or so many have more than 2⁶³ − 1
    /// elements.</exception>
    public long? Experts
    {
        get;
        init => field = value is null or > 0 && (!IsPerExpert || Holds(value)) ? value : throw TooLarge(nameof(Experts), value);
    }

    /// <summary>How many of the experts a token of text uses, up to <see cref="Experts"/>: 0 where only an image's tokens use
    /// them; null where it is not an expert's.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public long? ActiveExperts
    {
        get;
        init => field = value is null or >= 0 ? value : throw TooLarge(nameof(ActiveExperts), value);
    }

    /// <summary>Whether it is a table of which a token reads a few of millions of rows, found by hashing the last tokens: none of
    /// it counts as active.</summary>
    public bool IsHashedTable { get; init; }

    /// <summary>Name of the tensor whose storage this one shares; null where it has its own. A tied tensor is not counted
    /// again.</summary>
    public string? TiedTo { get; init; }

    /// <summary>What it is to a quantizer, and to whoever divides it over GPUs.</summary>
    internal MatrixKind Kind { get; init; }

    /// <summary>Whether the reference holds it as a parameter of its own though its name ends as a module's: no adapter's
    /// <c>all-linear</c> finds it. Routers of gpt-oss, DeepSeek and Qwen 3.5 are. Source: huggingface/transformers@00d4b3d21,
    /// modeling_gpt_oss.py, <c>GptOssTopKRouter</c>; modeling_deepseek_v3.py, <c>DeepseekV3TopkRouter</c>.</summary>
    internal bool IsBareParameter { get; init; }

    /// <summary>Bits in which checkpoints store each element, whatever their config says of the others: 32 or 64; null where
    /// the config does.</summary>
    internal int? StoredBits { get; init; }

    /// <summary>Whether the family's own quantized checkpoints leave it in 16 bits, without a word in their config.</summary>
    internal bool IsKeptWide { get; init; }

    /// <summary>It as matrices of outputs and inputs: a vector is one row, a stack one matrix an expert.</summary>
    public MatrixDimensions Matrices
    {
        get
        {
            (long matrices, long outputs, long inputs) = Shape.Rank switch
            {
                1 => (1, 1, Shape[0]),
                2 => (1, Shape[0], Shape[1]),
                3 => (Shape[0], Shape[1], Shape[2]),
                _ => (Shape[0] * Shape[1], Shape[2], Shape[3]),
            };
            matrices = matrices * Copies;
            return IsInputsFirst ? new(matrices, inputs, outputs) : new(matrices, outputs, inputs);
        }
    }

    /// <summary>Tensors of this name in one layer: the number of experts where each has its own tensor, else 1.</summary>
    public long Copies => IsPerExpert && Experts is { } experts ? experts : 1;

    /// <summary>Elements in one layer, over all experts.</summary>
    public long Elements => Shape.Elements * Copies;

    /// <summary>Elements in one layer that a token uses: all of them, its share of the experts, or none of a hashed
    /// table.</summary>
    public long ActiveElements => IsHashedTable ? 0
        : Experts is { } experts && ActiveExperts is { } active ? Elements / experts * Math.Min(active, experts)
        : Elements;

    private bool Holds(long? experts) => Shape.Elements <= long.MaxValue / (experts ?? 1);

    private static ArgumentOutOfRangeException TooLarge(string name, object? value) =>
        new(name, value, "A tensor has at most 2^63 - 1 elements in a layer, and an expert's 1 expert or more, "
            + "of which 0 or more are active.");
}
