using LlmMath.Architectures;
using LlmMath.Interchange;

namespace LlmMath.Models.Families;

/// <summary>Recurrent mixers, and the layers they stand at, in the fields that configs share.</summary>
internal static class RecurrentFields
{
    /// <summary>A size that may be <c>"auto"</c>, which means what a missing field means.</summary>
    public static long SizeOrAuto(this ConfigReader c, string field, long auto) =>
        c.Value(field)?.Text == "auto" ? auto : c.Size(field, auto);

    /// <summary>Rank of Mamba-1's time step projection: a sixteenth of the hidden size, rounded up, unless given.</summary>
    public static long TimeStepRank(this ConfigReader c, string field, long hidden) => c.SizeOrAuto(field, (hidden + 15) / 16);

    /// <summary>Mamba-2 in the fields of Bamba, which Granite 4 and Falcon-H1 took over: <c>mamba_n_heads</c> and so
    /// on.</summary>
    /// <param name="c">The config.</param>
    /// <param name="hidden">Width of the residual stream.</param>
    /// <param name="inner">Channels, which the heads must make up.</param>
    public static Mamba2Mixer Mamba2(this ConfigReader c, long hidden, long inner)
    {
        long heads = c.Size("mamba_n_heads", 128);
        long headDim = c.SizeOrAuto("mamba_d_head", c.Divide(inner, heads, "mamba_n_heads"));
        return heads * headDim == inner
            ? new()
            {
                HiddenSize = hidden,
                Heads = heads,
                HeadDim = headDim,
                StateSize = c.Size("mamba_d_state", 256),
                Groups = c.Size("mamba_n_groups", 1),
                ConvolutionKernel = c.Size("mamba_d_conv", 4),
            }
            : throw c.Invalid("mamba_d_head", $"times {(ConfigValue)heads} heads must make the {(ConfigValue)inner} channels; "
                + $"it is {(ConfigValue)headDim}.");
    }

    /// <summary>Which layers attend, by a list with a word for each layer; null where the config has no such list. Any family's
    /// newer configs may say <c>full_attention</c> and <c>linear_attention</c>.</summary>
    /// <param name="c">The config.</param>
    /// <param name="field">The list.</param>
    /// <param name="layers">Number of layers.</param>
    /// <param name="attention">The family's word for a layer that attends.</param>
    /// <param name="recurrent">The family's word for a layer that does not.</param>
    public static Func<int, bool>? AttendingLayers(this ConfigReader c, string field, int layers, string attention,
        string recurrent) => c.Words(field, layers, attention, recurrent, "full_attention", "linear_attention");
}
