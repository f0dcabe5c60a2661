using LlmMath.Formats;
using LlmMath.Memory;

namespace LlmMath.Speed;

/// <summary>Matrices that every token passes.</summary>
/// <param name="Bytes">Bytes read once a pass.</param>
/// <param name="Wide">Elements of more than 8 bits: each takes two operations a token.</param>
/// <param name="Eight">Elements of 5 to 8 bits.</param>
/// <param name="Four">Elements of 4 bits or less.</param>
/// <param name="Ends">Elements that enter and leave the matrices for one token: inputs + outputs of each.</param>
/// <param name="Matrices">How many matrices.</param>
internal readonly record struct MatrixWork(double Bytes, double Wide, double Eight, double Four, double Ends, double Matrices)
{
    /// <summary>Adds one tensor as it stands in so many layers.</summary>
    public MatrixWork With(Tensor tensor, MatrixKind kind, TensorEncoding encoding, int layers)
    {
        double bytes = Bytes + ((double)layers * encoding.Bytes(tensor.Matrices));
        if (kind == MatrixKind.None)
        {
            return this with { Bytes = bytes };
        }

        double elements = (double)layers * tensor.Elements, matrices = layers * (tensor.Experts ?? 1.0);
        TensorShape shape = tensor.Shape;
        MatrixWork sum = this with
        {
            Bytes = bytes,
            Ends = Ends + (matrices * (shape[shape.Rank - 1] + shape[shape.Rank - 2])),
            Matrices = Matrices + matrices,
        };
        return encoding.BitsPerElement switch
        {
            > 10 => sum with { Wide = Wide + elements },
            > 6 => sum with { Eight = Eight + elements },
            _ => sum with { Four = Four + elements },
        };
    }

    /// <summary>Elements of all widths.</summary>
    public double Elements => Wide + Eight + Four;

    /// <summary>Elements that are packed in less than 16 bits.</summary>
    public double Packed => Eight + Four;
}

/// <summary>The routed experts of the layers of one kind.</summary>
/// <param name="Layers">Layers.</param>
/// <param name="Experts">Experts of a layer.</param>
/// <param name="Active">Experts that a token uses.</param>
/// <param name="Each">One expert of one layer.</param>
internal readonly record struct ExpertWork(int Layers, long Experts, long Active, MatrixWork Each)
{
    /// <summary>Adds one of the experts' tensors.</summary>
    public ExpertWork With(Tensor tensor, TensorEncoding encoding, int layers)
    {
        long experts = tensor.Experts ?? 1;
        MatrixWork all = default(MatrixWork).With(tensor, tensor.Kind, encoding, 1);
        return new(layers, experts, tensor.ActiveExperts ?? experts, new(
            Each.Bytes + (all.Bytes / experts), Each.Wide + (all.Wide / experts),
            Each.Eight + (all.Eight / experts), Each.Four + (all.Four / experts),
            Each.Ends + (all.Ends / experts), Each.Matrices + (all.Matrices / experts)));
    }

    /// <summary>
    /// Expected number of distinct experts that tokens touch in a layer, when each picks its experts evenly and apart from the
    /// others: E·(1 − (1 − k/E)ⁿ), of E experts, k a token, n tokens.
    /// </summary>
    public double Touched(double tokens) => Experts * (1 - Math.Pow(1 - ((double)Active / Experts), tokens));
}
