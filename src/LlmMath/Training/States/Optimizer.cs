using LlmMath.Architectures;
using LlmMath.Basics;

namespace LlmMath.Training;

/// <summary>What an optimizer holds beside the parameters.</summary>
public sealed record Optimizer
{
    // Blocks of 256 elements with a float32 scale; smaller tensors stay in 32 bits. Source: bitsandbytes-foundation/bitsandbytes,
    // bitsandbytes/optim/optimizer.py, min_8bit_size and blocksize.
    private const int Block = 256, SmallestInEightBits = 4096;

    private Optimizer(string name, int moments) => (Name, Moments) = (name, moments);

    /// <summary>Adam with decoupled weight decay: two moments an element. Source: Loshchilov and Hutter,
    /// arXiv:1711.05101.</summary>
    public static Optimizer AdamW { get; } = new("adamw", 2);

    /// <summary>The same with both moments in 8 bits, a float32 scale for each 256 of them. Source: Dettmers et al.,
    /// arXiv:2110.02861, section 2.</summary>
    public static Optimizer AdamW8Bit { get; } = new("adamw-8bit", 2) { IsEightBit = true };

    /// <summary>The same in pages that move to the host's memory where the GPU has none left: they count on the
    /// GPU.</summary>
    public static Optimizer PagedAdamW8Bit { get; } = new("paged-adamw-8bit", 2) { IsEightBit = true };

    /// <summary>A row and a column of second moments for each matrix, and all of them for vectors; no first moment. Source:
    /// Shazeer and Stern, arXiv:1804.04235, section 4.</summary>
    public static Optimizer Adafactor { get; } = new("adafactor", 1) { IsFactored = true };

    /// <summary>One moment an element. Source: Chen et al., arXiv:2302.06675.</summary>
    public static Optimizer Lion { get; } = new("lion", 1);

    /// <summary>Stochastic gradient descent without momentum: nothing.</summary>
    public static Optimizer Sgd { get; } = new("sgd", 0);

    /// <summary>Stochastic gradient descent with momentum: one moment an element.</summary>
    public static Optimizer SgdMomentum { get; } = new("sgd-momentum", 1);

    /// <summary>One moment an element of the blocks' matrices; AdamW for tables, head, norms and biases. Source: Jordan et al.,
    /// github:KellerJordan/Muon, README.</summary>
    public static Optimizer Muon { get; } = new("muon", 1) { IsForMatrices = true };

    /// <summary>Every optimizer.</summary>
    public static ValueList<Optimizer> All { get; } =
        [AdamW, AdamW8Bit, PagedAdamW8Bit, Adafactor, Lion, Sgd, SgdMomentum, Muon];

    /// <summary>Its usual name, in lower case: <c>adamw-8bit</c>.</summary>
    public string Name { get; }

    /// <summary>Moments of an element, 0 to 2.</summary>
    public int Moments { get; }

    /// <summary>Whether moments are kept in 8 bits.</summary>
    public bool IsEightBit { get; private init; }

    private bool IsFactored { get; init; }

    private bool IsForMatrices { get; init; }

    /// <summary>The optimizer of a name, in any case.</summary>
    /// <param name="name"><c>adamw</c>, <c>lion</c>.</param>
    /// <exception cref="UnknownNameException">There is no such optimizer; the error lists all.</exception>
    public static Optimizer Find(string name) => FormatNames.Find(All, static optimizer => optimizer.Name, name)
        ?? throw new UnknownNameException(name, "is no optimizer that is known", "Optimizers", [.. All.Select(o => o.Name)]);

    /// <summary>Bytes of the moments of some elements of a tensor: moments × elements × bytes each; in 8 bits a byte each and 4
    /// for each 256; of a factored matrix (rows + columns) × bytes each, by its share of the elements.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="elements">Elements held, over all layers.</param>
    /// <param name="bytes">Bytes of a moment in full precision.</param>
    internal long Bytes(Tensor tensor, long elements, int bytes)
    {
        if (IsFactored && tensor.Shape.Rank > 1)
        {
            (_, long outputs, long inputs) = tensor.Matrices;
            return (long)(((Int128)bytes * elements * (outputs + inputs)) / ((Int128)outputs * inputs));
        }

        if (IsForMatrices && (tensor.Shape.Rank == 1
            || tensor.Role is TensorRole.Embedding or TensorRole.Position or TensorRole.Head))
        {
            return checked(2 * bytes * elements);
        }

        return IsEightBit && tensor.Shape.Elements < SmallestInEightBits ? checked(Moments * bytes * elements)
            : Bytes(elements, bytes);
    }

    /// <summary>The same of elements of no particular tensor.</summary>
    internal long Bytes(long elements, int bytes) => checked(Moments * (IsEightBit
        ? elements + (4 * ((elements + Block - 1) / Block))
        : bytes * elements));

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
