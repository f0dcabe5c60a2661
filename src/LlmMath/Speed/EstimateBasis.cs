using LlmMath.Engines;
using LlmMath.Placement.Work;

namespace LlmMath.Speed;

/// <summary>What an estimate rests on, and the rows that it rests on.</summary>
/// <param name="basis">What it rests on.</param>
/// <param name="rows">Rows of the engine on that GPU with layers of the same kinds and weights stored alike.</param>
/// <param name="sources">Of how many sources.</param>
internal sealed class EstimateBasis(Basis basis, int rows, int sources)
{
    public Basis Basis => basis;

    public int Rows => rows;

    public int Sources => sources;

    /// <summary>What rests on rows of some combinations.</summary>
    /// <param name="seen">The combinations.</param>
    /// <param name="gpu">The GPU's name in the catalog.</param>
    /// <param name="of">What tells the model's kernels.</param>
    /// <param name="hardware">What the engine's constants rest on there, whatever the model.</param>
    /// <param name="isTimed">Whether each kernel was timed there by itself.</param>
    public static EstimateBasis Of(
        IEnumerable<SeenRows> seen, string gpu, ModelTraits of, Basis hardware, Func<bool> isTimed)
    {
        int alike = 0, from = 0;
        bool knowsWeights = false;
        int knownLayers = 0;
        foreach (SeenRows one in seen)
        {
            knowsWeights |= one.Weights == of.Weights;
            if (IsAlike(one, gpu, of))
            {
                (alike, from) = (alike + one.Rows, from + one.Sources);
            }
        }

        foreach (string layer in of.Layers)
        {
            knownLayers += seen.Any(one => one.Layers.Contains(layer)) ? 1 : 0;
        }

        Basis found = hardware == Basis.Bound ? Basis.Bound
            : alike > 0 ? Basis.Measured
            : hardware > Basis.Interpolated ? Basis.Extrapolated
            : isTimed() ? Basis.KernelsMeasured
            : knowsWeights && knownLayers == of.Layers.Count ? Basis.Interpolated
            : Basis.Extrapolated;
        return new(found, alike, from);
    }

    /// <summary>The same where tokens are drafted: rows without drafts do not make it measured.</summary>
    /// <param name="seen">The combinations that were measured with drafts.</param>
    /// <param name="gpu">The GPU's name in the catalog.</param>
    /// <param name="of">What tells the model's kernels.</param>
    public EstimateBasis Drafted(ValueList<SeenRows> seen, string gpu, ModelTraits of)
    {
        SeenRows[] alike = [.. seen.Where(one => IsAlike(one, gpu, of))];
        Basis least = alike.Length > 0 ? Basis.Measured : seen.Count > 0 ? Basis.Interpolated : Basis.Extrapolated;
        return new(basis > least ? basis : least, alike.Sum(one => one.Rows), alike.Sum(one => one.Sources));
    }

    private static bool IsAlike(SeenRows one, string gpu, ModelTraits of) =>
        one.Gpu == gpu && one.Weights == of.Weights && one.Layers == of.Layers;
}
