using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

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
        .. moe.Stacked("block_sparse_moe.", "input_linear.weight", "output_linear.weight"),
        .. moe.SharedIntermediateSize == 0
            ? []
            : SharedLayer(new(moe.HiddenSize, moe.SharedIntermediateSize), TensorRole.SharedExpert),
    ];

    /// <summary>The layer beside the experts, which in a Granite 4 without experts is the feed-forward layer.</summary>
    public static IEnumerable<Tensor> SharedLayer(GatedFeedForward layer, TensorRole role) =>
        layer.Fused("shared_mlp.", "input_linear", "output_linear", role: role);

    /// <summary>The fields of a mixture, which Granite 4 has too.</summary>
    public static MixtureOfExperts Mixture(ConfigReader c, long hidden, long sharedWidth) =>
        c.Mixture(hidden, experts: ("num_local_experts", 8), active: 2, width: ("intermediate_size", 11008)) with
        {
            SharedIntermediateSize = sharedWidth,
        };

    private static Architecture Experts(ConfigReader c, string family, long sharedWidth)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 4096, heads: 32);
        MixtureOfExperts moe = Mixture(c, attention.HiddenSize, sharedWidth);
        bool bias = c.Flag("attention_bias", false);
        return Decoder.Of(c, family, c.Size("vocab_size", 32000), attention.HiddenSize,
            Decoder.Same(c.Layers("num_hidden_layers", 32),
                LlamaBlock.Of(attention, moe, Tensors(moe), qkvBias: bias, outputBias: bias)),
            tied: c.Flag("tie_word_embeddings", false));
    }
}
