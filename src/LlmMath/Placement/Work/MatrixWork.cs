using LlmMath.Architectures;
using LlmMath.Formats;
using LlmMath.Placement.Weights;

namespace LlmMath.Placement.Work;

/// <summary>Matrices that every token passes.</summary>
/// <param name="Bytes">Bytes read once a pass.</param>
/// <param name="Wide">Elements of more than 8 bits: each takes two operations a token.</param>
/// <param name="Eight">Elements of 5 to 8 bits.</param>
/// <param name="Four">Elements of 4 bits or less.</param>
/// <param name="Ends">Elements that enter and leave the matrices for one token: inputs + outputs of each.</param>
/// <param name="Matrices">How many matrices.</param>
internal readonly record struct MatrixWork(double Bytes, double Wide, double Eight, double Four, double Ends, double Matrices)
{
    /// <summary>Adds one tensor as its layers store it; one that layers share is read and multiplied in each of
    /// them.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="stored">How it is stored.</param>
    /// <param name="uses">Times that a pass uses what is stored, 1 or more.</param>
    public MatrixWork With(Tensor tensor, in TensorStorage stored, int uses)
    {
        double bytes = Bytes + ((double)uses * stored.Bytes);
        if (tensor.Kind == MatrixKind.None)
        {
            return this with { Bytes = bytes };
        }

        double elements = (double)uses * tensor.Elements, matrices = (double)uses * stored.Layers * (tensor.Experts ?? 1.0);
        TensorShape shape = tensor.Shape;
        return new(bytes, Wide + (stored.WideLayers * elements), Eight + (stored.EightLayers * elements),
            Four + (stored.FourLayers * elements), Ends + (matrices * (shape[shape.Rank - 1] + shape[shape.Rank - 2])),
            Matrices + matrices);
    }

    /// <summary>The sum with some times another.</summary>
    public MatrixWork Plus(in MatrixWork other, double times) => new(Bytes + (times * other.Bytes),
        Wide + (times * other.Wide), Eight + (times * other.Eight), Four + (times * other.Four), Ends + (times * other.Ends),
        Matrices + (times * other.Matrices));

    /// <summary>The same with its bytes times a factor: a file of other formats than the one that stands for them.</summary>
    public MatrixWork Stored(double factor) => this with { Bytes = Bytes * factor };

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
    /// <summary>Adds one of the experts' tensors, as the layers of the kind store it: an expert of the mean layer.</summary>
    public ExpertWork With(Tensor tensor, in TensorStorage stored)
    {
        long experts = tensor.Experts ?? 1;
        MatrixWork all = default(MatrixWork).With(tensor, stored, 1);
        double share = 1.0 / (stored.Layers * (double)experts);
        return new(stored.Layers, experts, tensor.ActiveExperts ?? experts, new(
            Each.Bytes + (all.Bytes * share), Each.Wide + (all.Wide * share), Each.Eight + (all.Eight * share),
            Each.Four + (all.Four * share), Each.Ends + (all.Ends * share), Each.Matrices + (all.Matrices * share)));
    }

    /// <summary>
    /// Expected number of distinct experts that tokens touch in a layer, when each picks its experts evenly and apart from the
    /// others: E·(1 − (1 − k/E)ⁿ), of E experts, k a token, n tokens.
    /// </summary>
    public double Touched(double tokens) => Experts * TouchedShare((double)Active / Experts, tokens);

    /// <summary>The share of experts that n tokens touch, each of which picks a share p of them: <c>1 − (1 − p)ⁿ</c>.</summary>
    public static double TouchedShare(double picked, double tokens) => 1 - Math.Pow(1 - picked, tokens);
}
