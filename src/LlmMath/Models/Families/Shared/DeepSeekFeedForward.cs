using static LlmMath.Families.TensorLists;

namespace LlmMath.Families;

/// <summary>The feed-forward layers of DeepSeek's models: dense in the first layers, in the others routed experts beside shared
/// ones, which are stored as one layer.</summary>
/// <param name="Dense">A dense layer.</param>
/// <param name="Experts">A layer with experts; null where all are dense.</param>
/// <param name="IsSparse">Whether a layer has experts.</param>
internal sealed record DeepSeekFeedForward(GatedFeedForward Dense, MixtureOfExperts? Experts, Func<int, bool> IsSparse)
{
    /// <summary>Name of the bias on the router's scores that keeps the experts' load even; null where there is none.</summary>
    public string? Correction { get; init; }

    /// <summary>Whether dense layers and shared experts have biases; routed experts have none.</summary>
    public bool Bias { get; init; }

    /// <summary>Reads the fields under DeepSeek's names. Parameters after <paramref name="experts"/> are the reference's defaults
    /// for fields that are missing; null for one that must be given.</summary>
    /// <param name="c">The config.</param>
    /// <param name="hiddenSize">Width of the residual stream.</param>
    /// <param name="layers">Number of layers.</param>
    /// <param name="experts">Routed experts; null where there are none and all layers are dense.</param>
    /// <param name="activeExperts">Default of <c>num_experts_per_tok</c>.</param>
    /// <param name="sharedExperts">Default of <c>n_shared_experts</c>; the field's null means none.</param>
    /// <param name="expertSize">Default of <c>moe_intermediate_size</c>.</param>
    /// <param name="denseSize">Default of <c>intermediate_size</c>.</param>
    /// <param name="denseLayers">Default of <c>first_k_dense_replace</c>.</param>
    public static DeepSeekFeedForward Read(ConfigReader c, long hiddenSize, int layers, long? experts, long? activeExperts,
        long sharedExperts, long expertSize, long denseSize, long denseLayers)
    {
        var dense = new GatedFeedForward(hiddenSize, c.Size("intermediate_size", denseSize));
        if (experts is not { } routed)
        {
            return new(dense, null, _ => false);
        }

        long shared = c.IsNull("n_shared_experts") ? 0 : c.Count("n_shared_experts", sharedExperts);
        expertSize = c.Size("moe_intermediate_size", expertSize);
        return new(dense, new MixtureOfExperts
        {
            HiddenSize = hiddenSize,
            Experts = routed,
            ActiveExperts = c.ActiveExperts(routed, activeExperts ?? c.Size("num_experts_per_tok")),
            ExpertIntermediateSize = expertSize,
            SharedIntermediateSize = shared * expertSize,
        }, SparseLayers(c, layers, denseLayers));
    }

    public FeedForward Layer(bool sparse) => sparse && Experts is { } experts ? experts : Dense;

    public IEnumerable<Tensor> Tensors(bool sparse) => sparse && Experts is { } experts
        ?
        [
            .. experts.Router("mlp.gate"),
            .. Correction is null ? (Tensor[])[] : [Plain("mlp.gate." + Correction, TensorRole.Router, experts.Experts)],
            .. experts.PerExpert("mlp.experts.{expert}."),
            .. experts.SharedIntermediateSize == 0
                ? []
                : Shared(experts).Tensors("mlp.shared_experts.", Bias, role: TensorRole.SharedExpert),
        ]
        : Dense.Tensors("mlp.", Bias);

    private static GatedFeedForward Shared(MixtureOfExperts m) => new(m.HiddenSize, m.SharedIntermediateSize);

    /// <summary>Which layers have experts: as <c>mlp_layer_types</c> lists it, or those from <c>first_k_dense_replace</c> on
    /// whose number <c>moe_layer_freq</c> divides.</summary>
    private static Func<int, bool> SparseLayers(ConfigReader c, int layers, long denseLayers)
    {
        if (c.Texts("mlp_layer_types") is { } types)
        {
            ValueList<bool> sparse = [.. c.PerLayer("mlp_layer_types", types, layers).Select((type, layer) => type switch
            {
                "sparse" => true,
                "dense" => false,
                _ => throw c.Invalid($"mlp_layer_types[{layer}]", $"must be \"dense\" or \"sparse\"; it is {(ConfigValue)type}."),
            })];
            return layer => sparse[layer];
        }

        long first = c.Count("first_k_dense_replace", denseLayers), step = c.SizeOrNull("moe_layer_freq") ?? 1;
        return layer => layer >= first && layer % step == 0;
    }
}
