using LlmMath.Architectures;
using LlmMath.Basics;
using LlmMath.Placement.Adapters;
using static LlmMath.Basics.NumberText;

namespace LlmMath.Training;

/// <summary>Operations of one trained token, forward and backward, by what computes them; a multiply-add is two.</summary>
public sealed record TrainingFlops
{
    private TrainingFlops(Architecture a, long sequence, bool causal, IReadOnlyList<AdaptedTensor>? adapted)
    {
        (SequenceLength, IsCausal) = (sequence, causal);
        double active = 0, trained = 0, attention = 0;
        foreach ((Tensor tensor, Block? block) in AdapterFold.Tensors(a))
        {
            int layers = tensor.IsPerLayer ? block?.Layers.Count ?? 1 : 1;
            double elements = tensor.TiedTo is null ? (double)layers * tensor.ActiveElements : 0;
            active += elements;
            trained += adapted is null ? elements : 0;
        }

        foreach (AdaptedTensor one in adapted ?? [])
        {
            double share = one.Tensor.Experts is { } experts && one.Tensor.ActiveExperts is { } used
                ? Math.Min(1.0, (double)used / experts) : 1;
            trained += one.Parameters * share;
            active += one.Rank > 0 ? one.Parameters * share : 0;
        }

        foreach (Block block in a.Blocks)
        {
            foreach (SequenceMixer mixer in block.Mixers)
            {
                MixerWork work = mixer.Work;
                double pairs = causal ? work.Pairs(0, sequence) / sequence
                    : Math.Min(sequence, (double)(work.PairLimit ?? sequence)) / work.TokensPerEntry;
                attention += block.Layers.Count * ((pairs * work.PairOperations) + work.StateOperations
                    + (work.IndexedPairs(0, sequence) / sequence * work.IndexOperations));
            }
        }

        (ActiveParameters, Parameters, Attention) = (active, (4 * active) + (2 * trained), 3 * attention);
    }

    /// <summary>Tokens of a sequence.</summary>
    public long SequenceLength { get; }

    /// <summary>Whether a token is reckoned with those before it alone, as causal kernels compute; else with all of
    /// them.</summary>
    public bool IsCausal { get; }

    /// <summary>Parameters that one token uses, an adapter's among them.</summary>
    public double ActiveParameters { get; }

    /// <summary>Operations with parameters: 2 forward, 2 for the gradients of what comes in, and 2 for the gradients of those
    /// that are trained: 6 a parameter, or 4 of a frozen one. Tables count as if they were multiplied, as in Hoffmann et al.,
    /// arXiv:2203.15556, appendix F; a tied head counts once.</summary>
    public double Parameters { get; }

    /// <summary>Operations of attention, indexers and recurrent states: forward, and twice that backward.</summary>
    public double Attention { get; }

    /// <summary>Both.</summary>
    public double PerToken => Parameters + Attention;

    /// <summary>Operations of a pass without a way back: 2 a parameter, and attention's third.</summary>
    public double ForwardPerToken => (2 * ActiveParameters) + (Attention / 3);

    /// <summary>The usual rule: 6 × active parameters, whatever is frozen and without attention. Source: Kaplan et al.,
    /// arXiv:2001.08361, section 2.1.</summary>
    public double SixTimesParameters => 6 * ActiveParameters;

    /// <summary>Both sums of a number of tokens, in words.</summary>
    /// <param name="tokens">Tokens.</param>
    public string Explain(long tokens) => FormattableString.Invariant(
        $"{N(tokens)} tokens × ({Parameters:0.###E+0} with parameters + {Attention:0.###E+0} of attention, ")
        + (IsCausal ? "causal" : "whole matrix") + FormattableString.Invariant(
        $") = {tokens * PerToken:0.###E+0}; ") + FormattableString.Invariant(
        $"6ND: 6 × {ActiveParameters:0.###E+0} × {N(tokens)} = {tokens * SixTimesParameters:0.###E+0}");

    /// <summary>Operations of a token of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="sequenceLength">Tokens of a sequence, 1 or more.</param>
    /// <param name="adapter">The adapter that is trained; null where all parameters are.</param>
    /// <param name="isCausal">Whether a token is reckoned with those before it alone.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is below 1.</exception>
    /// <exception cref="DefinitionException">The model's config cannot be read.</exception>
    public static TrainingFlops Of(ModelDefinition model, long sequenceLength, LoraSpec? adapter = null, bool isCausal = true)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sequenceLength);
        return new(model.Architecture, sequenceLength, isCausal,
            adapter is null ? null : AdapterFold.Of(model.Architecture, adapter));
    }

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(TrainingFlops), PrintMembers);
}
