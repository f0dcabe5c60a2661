using System.Runtime.CompilerServices;
using LlmMath.Architectures;
using LlmMath.Formats;

namespace LlmMath.Placement.Weights;

/// <summary>What folds over parts of a model ask of the whole: found once, however many stages and layers ask. It lives as long
/// as the architecture.</summary>
internal sealed class WholeModel
{
    private static readonly ConditionalWeakTable<Architecture, WholeModel> s_known = new();

    private WholeModel(Architecture a)
    {
        Facts = QuantizerPlaces.FindFacts(a);
        Widest = FindWidest(a);
        LargestMatrix = FindLargestMatrix(a);
        RotaryElements = FindRotaryElements(a);
        LayersWithValues = QuantizerPlaces.LayersWith(a, static kind => kind is MatrixKind.Value or MatrixKind.QueryKeyValue);
        LayersWithDown = QuantizerPlaces.LayersWith(a, static kind => kind == MatrixKind.Down);
    }

    /// <summary>What decides a quantizer's choices.</summary>
    public QuantizerFacts Facts { get; }

    /// <summary>Layers of the decoder that project values, ascending.</summary>
    public int[] LayersWithValues { get; }

    /// <summary>Layers of the decoder that have a way out of a feed-forward part, ascending.</summary>
    public int[] LayersWithDown { get; }

    /// <summary>The most heads that attend, elements between the matrices of a feed-forward part, and of one with
    /// experts.</summary>
    public (long Heads, long Intermediate, long Expert) Widest { get; }

    /// <summary>Elements of the largest linear layer.</summary>
    public long LargestMatrix { get; }

    /// <summary>The most rotary elements of a head.</summary>
    public long RotaryElements { get; }

    public static WholeModel Of(Architecture a) => s_known.GetValue(a, static architecture => new(architecture));

    /// <summary>The most heads that attend, elements between the matrices of a feed-forward part, and of one with
    /// experts.</summary>
    private static (long Heads, long Intermediate, long Expert) FindWidest(Architecture a)
    {
        long heads = 0, intermediate = 0, expert = 0;
        foreach (Block block in a.Blocks)
        {
            foreach (SequenceMixer mixer in block.Mixers)
            {
                heads = Math.Max(heads, mixer.Cache.Heads > 0 ? mixer.ParallelHeads : 0);
            }

            foreach (FeedForward feedForward in block.FeedForwards)
            {
                intermediate = Math.Max(intermediate, feedForward.IntermediateElements);
                expert = Math.Max(expert, feedForward.ExpertElements);
            }
        }

        return (heads, intermediate, expert);
    }

    /// <summary>Elements of the largest linear layer.</summary>
    private static long FindLargestMatrix(Architecture a)
    {
        long largest = 0;
        foreach (Block block in a.Blocks)
        {
            foreach (Tensor tensor in block.Tensors)
            {
                largest = tensor.Kind.IsLinear() ? Math.Max(largest, tensor.Shape.Elements) : largest;
            }
        }

        return largest;
    }

    private static long FindRotaryElements(Architecture a)
    {
        long elements = 0;
        foreach (Block block in a.Blocks)
        {
            foreach (SequenceMixer mixer in block.Mixers)
            {
                elements = Math.Max(elements, mixer.RotaryElements);
            }
        }

        return elements;
    }
}
