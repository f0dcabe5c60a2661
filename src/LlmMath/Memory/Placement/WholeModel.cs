using System.Runtime.CompilerServices;
using LlmMath.Architectures;
using LlmMath.Formats;
using LlmMath.Memory.Weights;

namespace LlmMath.Memory.Placement;

/// <summary>What folds over parts of a model ask of the whole: found once, however many stages and layers ask. It lives as long
/// as the architecture.</summary>
internal sealed class WholeModel
{
    private static readonly ConditionalWeakTable<Architecture, WholeModel> s_known = new();

    private WholeModel(Architecture a)
    {
        Facts = QuantizerPlaces.FindFacts(a);
        Widest = Activation.FindWidest(a);
        LargestMatrix = Activation.FindLargestMatrix(a);
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

    public static WholeModel Of(Architecture a) => s_known.GetValue(a, static architecture => new(architecture));
}
