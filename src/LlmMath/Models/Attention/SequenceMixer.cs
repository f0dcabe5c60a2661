using LlmMath.Models.Attention;

namespace LlmMath.Architectures;

/// <summary>What carries information from token to token in a block: a kind of attention, or a recurrent state. Each kind is a
/// type that knows its sizes; nothing else asks which kind it is. Sizes are 0 to 2³¹ − 1, as in any config; a mixer of others
/// cannot be made, and what is computed from them is an <see cref="EstimateException"/> where it exceeds 2⁶³ − 1.</summary>
public abstract record SequenceMixer
{
    /// <summary>What one sequence keeps of the past in one layer.</summary>
    public abstract CachedState Cache { get; }

    /// <summary>Heads, or channels where it has no heads, among which tensor parallelism divides the layer: a degree must divide
    /// them.</summary>
    public abstract long ParallelHeads { get; }

    /// <summary>What it computes and reads for one token in one layer.</summary>
    public abstract MixerWork Work { get; }

    /// <summary>Elements of a head that a table of rotary sines and cosines is made for, partly rotary heads whole; 0 where
    /// tokens have no positions here.</summary>
    public abstract long RotaryElements { get; }

    /// <summary>What its kind is called where it is told what was measured: <c>latent attention</c>.</summary>
    internal abstract string Word { get; }

    /// <summary>The timed kernel that engines run for it.</summary>
    internal virtual MixerKernel Kernel => default;

    /// <summary>What of one token it multiplies with what is of other tokens; nothing where a state carries it.</summary>
    internal abstract AttendedElements Attended { get; }
}

/// <summary>Elements of one token that a mixer multiplies with those of other tokens, which training keeps for the way
/// back.</summary>
/// <param name="Queries">Of the queries, over all heads.</param>
/// <param name="Keys">Of the keys, over the heads that there are.</param>
/// <param name="Values">Of the values, over the heads that there are.</param>
/// <param name="Outputs">Of what comes out, over all heads.</param>
internal readonly record struct AttendedElements(long Queries, long Keys, long Values, long Outputs);
