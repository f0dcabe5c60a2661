using static LlmMath.Families.TensorLists;

namespace LlmMath.Families;

/// <summary>
/// Granite: Llama with scalar multipliers, which hold no parameters; its mixtures stack the experts of a layer in one tensor, and
/// may have a shared one.
/// Source: huggingface/transformers, src/transformers/models/granite/configuration_granite.py, commit 008e57439125, and
/// modular_granite.py, commit 023633dd6387; granitemoe/configuration_granitemoe.py and
/// granitemoeshared/configuration_granitemoeshared.py, commit 040e1a7e4bb4, and modular_granitemoeshared.py, commit 01819372ec80.
/// </summary>
internal static class Granite
{
    /// <summary>Llama's fields and defaults, all of them.</summary>
    public static Architecture Build(ConfigReader c) => Llama.Build(c) with { Family = "granite" };

    public static Architecture BuildMoe(ConfigReader c) => Experts(c, "granitemoe", sharedWidth: 0);

    public static Architecture BuildMoeShared(ConfigReader c) =>
        Experts(c, "granitemoeshared", c.Count("shared_intermediate_size", 0));

    /// <summary>A mixture's tensors, which Granite 4 has too.</summary>
    public static IEnumerable<Tensor> Tensors(MixtureOfExperts moe) =>
    [
        .. moe.Router("block_sparse_moe.router.layer"),
        .. OfExperts(moe.Experts, moe.ActiveExperts,
        [
            Plain("block_sparse_moe.input_linear.weight", TensorRole.Expert,
                moe.Experts, 2 * moe.ExpertIntermediateSize, moe.HiddenSize),
            Plain("block_sparse_moe.output_linear.weight", TensorRole.Expert,
                moe.Experts, moe.HiddenSize, moe.ExpertIntermediateSize),
        ]),
        .. moe.SharedIntermediateSize == 0 ? [] : new GatedFeedForward(moe.HiddenSize, moe.SharedIntermediateSize)
            .Fused("shared_mlp.", "input_linear", "output_linear", role: TensorRole.SharedExpert),
    ];

    private static Architecture Experts(ConfigReader c, string family, long sharedWidth)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 4096, heads: 32);
        long experts = c.Size("num_local_experts", 8);
        bool bias = c.Flag("attention_bias", false);
        var moe = new MixtureOfExperts
        {
            HiddenSize = attention.HiddenSize,
            Experts = experts,
            ActiveExperts = c.ActiveExperts(experts, 2),
            ExpertIntermediateSize = c.Size("intermediate_size", 11008),
            SharedIntermediateSize = sharedWidth,
        };
        return Decoder.Of(c, family, c.Size("vocab_size", 32000), attention.HiddenSize,
            Decoder.Same(c.Layers("num_hidden_layers", 32),
                LlamaBlock.Of(attention, moe, Tensors(moe), qkvBias: bias, outputBias: bias)),
            tied: c.Flag("tie_word_embeddings", false));
    }
}
