using LlmMath.Basics;

namespace LlmMath.Engines;

/// <summary>
/// The share of a GPU's memory that an engine gives to weights and cache alone, activations and graphs lying beyond it: f = (M −
/// R) ÷ M of a GPU of M mebibytes, with R = max(least, fixed + token · tokens of a pass + GPU · GPUs of a replica + graphs), as
/// SGLang finds its <c>mem_fraction_static</c>.
/// </summary>
public sealed record StaticShare
{
    /// <summary>Mebibytes that are kept free whatever runs, 0 or more.</summary>
    public double Fixed { get; init; }

    /// <summary>For each token of a pass.</summary>
    public double EachToken { get; init; }

    /// <summary>For each GPU that shares the model.</summary>
    public double EachGpu { get; init; }

    /// <summary>For graphs.</summary>
    public double Graphs { get; init; }

    /// <summary>The least on GPUs of <see cref="LeastFromGibibytes"/> and more.</summary>
    public double Least { get; init; }

    /// <summary>From how many gibibytes on <see cref="Least"/> is kept.</summary>
    public double LeastFromGibibytes { get; init; }

    /// <summary>The share, above 0 to 1.</summary>
    /// <param name="memory">The GPU's memory.</param>
    /// <param name="passTokens">Tokens of a pass.</param>
    /// <param name="gpus">GPUs that share the model.</param>
    internal double Of(ByteSize memory, int passTokens, int gpus)
    {
        double all = memory.Bytes / (double)(1 << 20);
        double kept = Fixed + (EachToken * passTokens) + (EachGpu * gpus) + Graphs;
        kept = all >= LeastFromGibibytes * 1024 ? Math.Max(kept, Least) : kept;
        // Of a GPU that is smaller than what is kept nothing is left but a byte of it.
        return Math.Max(1e-9, Math.Min(1, (all - kept) / all));
    }

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(StaticShare), PrintMembers);
}
