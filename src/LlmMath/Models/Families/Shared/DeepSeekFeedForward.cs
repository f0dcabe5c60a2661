using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>The feed-forward layers of DeepSeek's models: dense in some layers, mostly the first; in the others routed experts
/// beside shared ones, which are stored as one layer.</summary>
/// <param name="Dense">A dense layer.</param>
/// <param name="Experts">A layer with experts; null where all are dense.</param>
/// <param name="IsSparse">Whether a layer has experts.</param>
internal sealed record DeepSeekFeedForward(GatedFeedForward Dense, MixtureOfExperts? Experts, Func<int, bool> IsSparse)
{
    /// <summary>The correction's usual name, which came with DeepSeek-V3.</summary>
    public const string ScoreCorrection = "e_score_correction_bias";

    /// <summary>Name of the bias on the router's scores that keeps the experts' load even; null where there is none.</summary>
    public string? Correction { get; init; }

    /// <summary>Whether dense layers and shared experts have biases; routed experts have none.</summary>
    public bool Bias { get; init; }

    /// <summary>Whether routed experts share two stacked tensors.</summary>
    public bool IsStacked { get; init; }

    /// <summary>Reads the fields under DeepSeek's names. Parameters after <paramref name="layers"/> are the reference's defaults
    /// for fields that are missing; null for one that must be given.</summary>
    /// <param name="c">The config.</param>
    /// <param name="hiddenSize">Width of the residual stream.</param>
    /// <param name="layers">Number of layers.</param>
    /// <param name="experts">Default of <c>n_routed_experts</c>.</param>
    /// <param name="activeExperts">Default of <c>num_experts_per_tok</c>.</param>
    /// <param name="sharedExperts">Default of <c>n_shared_experts</c>; the field's null means none.</param>
    /// <param name="expertSize">Default of <c>moe_intermediate_size</c>.</param>
    /// <param name="denseSize">Default of <c>intermediate_size</c>.</param>
    /// <param name="denseLayers">Default of <c>first_k_dense_replace</c>.</param>
    public static DeepSeekFeedForward Read(ConfigReader c, long hiddenSize, int layers, long? experts, long? activeExperts,
        long sharedExperts, long expertSize, long denseSize, long denseLayers) => new(
            new(hiddenSize, c.Size("intermediate_size", denseSize)),
            c.Mixture(hiddenSize, experts: ("n_routed_experts", experts), activeExperts,
                width: ("moe_intermediate_size", expertSize),
                shared: c.IsNull("n_shared_experts") ? null : ("n_shared_experts", sharedExperts)),
            SparseLayers(c, layers, denseLayers));

    /// <summary>A layer of either kind, under <c>mlp.</c></summary>
    public FeedForwardParts Layer(bool sparse) => sparse && Experts is { } experts
        ? new(experts,
        [
            .. experts.BareRouter("mlp.gate"),
            .. When(Correction is not null, Plain("mlp.gate." + Correction, TensorRole.Router, experts.Experts)),
            .. IsStacked ? experts.Stacked("mlp.experts.") : experts.PerExpert("mlp.experts.{expert}."),
            .. experts.Shared("mlp.shared_experts.", Bias),
        ])
        : new(Dense, Dense.Tensors("mlp.", Bias));

    /// <summary>Which layers have experts: as <c>mlp_layer_types</c> lists it, or those from <c>first_k_dense_replace</c> on
    /// whose number <c>moe_layer_freq</c> divides.</summary>
    private static Func<int, bool> SparseLayers(ConfigReader c, int layers, long denseLayers)
    {
        if (c.Words("mlp_layer_types", layers, yes: "sparse", no: "dense") is { } listed)
        {
            c.Idle("first_k_dense_replace", "moe_layer_freq");
            return listed;
        }

        long first = c.Count("first_k_dense_replace", denseLayers), step = c.SizeOrNull("moe_layer_freq") ?? 1;
        return layer => layer >= first && layer % step == 0;
    }
}
