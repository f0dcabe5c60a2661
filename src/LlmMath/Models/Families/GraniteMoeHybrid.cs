using static LlmMath.Families.TensorLists;

namespace LlmMath.Families;

/// <summary>
/// Granite 4: Mamba-2 with a few attention layers, and experts beside a shared layer; without experts the shared layer is the
/// feed-forward layer.
/// Source: huggingface/transformers, src/transformers/models/granitemoehybrid/configuration_granitemoehybrid.py, commit
/// 008f5c8c29be, and modular_granitemoehybrid.py, commit 023633dd6387.
/// </summary>
internal static class GraniteMoeHybrid
{
    public static Architecture Build(ConfigReader c)
    {
        c = c.Alias("layer_types", "layers_block_type");
        GroupedQueryAttention attention = c.Attention(hiddenSize: 4096, heads: 32);
        long hidden = attention.HiddenSize;
        int layers = c.Layers("num_hidden_layers", 32);

        // Lists of models give just the number of attention layers at times; the counts are the same wherever they stand.
        long number = c.Value("_n_attn")?.Integer ?? 0;
        Func<int, bool> attends = c.AttendingLayers("layer_types", layers, "attention", "mamba") ?? (layer => layer < number);
        FeedForwardParts feedForward = c.Count("num_local_experts", 8) is > 0 and var experts
            ? Mixture(c, hidden, experts)
            : Dense(new(hidden, c.Size("shared_intermediate_size", 1024)));
        return Decoder.Of(c, "granitemoehybrid", c.Size("vocab_size", 32000), hidden,
            Decoder.ByKind(layers, attends, isAttention =>
            {
                (SequenceMixer mixer, IEnumerable<Tensor> mixing) =
                    isAttention ? Bamba.Attention(c, attention) : Bamba.StateSpace(c, hidden);
                return new BlockParts(mixer, feedForward.Kind,
                [
                    .. Norm("input_layernorm", hidden),
                    .. mixing,
                    .. Norm("post_attention_layernorm", hidden),
                    .. feedForward.Tensors,
                ]);
            }),
            tied: c.Flag("tie_word_embeddings", false));
    }

    private static FeedForwardParts Dense(GatedFeedForward dense) =>
        new(dense, dense.Fused("shared_mlp.", "input_linear", "output_linear"));

    private static FeedForwardParts Mixture(ConfigReader c, long hidden, long experts)
    {
        var moe = new MixtureOfExperts
        {
            HiddenSize = hidden,
            Experts = experts,
            ActiveExperts = c.ActiveExperts(experts, 2),
            ExpertIntermediateSize = c.Size("intermediate_size", 11008),
            SharedIntermediateSize = c.Size("shared_intermediate_size", 1024),
        };
        const string under = "block_sparse_moe.";
        return new(moe,
        [
            .. moe.Router(under + "router.layer"),
            .. OfExperts(experts, moe.ActiveExperts,
            [
                Plain(under + "input_linear.weight", TensorRole.Expert, experts, 2 * moe.ExpertIntermediateSize, hidden),
                Plain(under + "output_linear.weight", TensorRole.Expert, experts, hidden, moe.ExpertIntermediateSize),
            ]),
            .. new GatedFeedForward(hidden, moe.SharedIntermediateSize)
                .Fused("shared_mlp.", "input_linear", "output_linear", role: TensorRole.SharedExpert),
        ]);
    }
}
