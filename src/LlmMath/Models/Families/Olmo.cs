using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// OLMo: norms without weights. From OLMo 2 on norms of the whole query and key projections and norms after attention and
/// feed-forward (OLMo 2, OLMo 3 with windows, FlexOlmo with experts); OLMoE has experts and norms before.
/// Source: huggingface/transformers, src/transformers/models/olmo/configuration_olmo.py, commit 008e57439125, and
/// modular_olmo.py, commit 00a98e7125fd; olmo2/modular_olmo2.py, commit 008f5c8c29be; olmo3/modular_olmo3.py, commit
/// 02e8340b9678; olmoe/configuration_olmoe.py, commit 008e57439125, and modular_olmoe.py, commit 052b1dcdbe75;
/// flex_olmo/modular_flex_olmo.py, commit 008e57439125.
/// </summary>
internal static class Olmo
{
    public static Architecture Build(ConfigReader c)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 4096, heads: 32);
        var feedForward = new GatedFeedForward(attention.HiddenSize, c.Size("intermediate_size", 11008));
        bool bias = c.Flag("attention_bias", false);
        return Decoder.Of(c, "olmo", c.Size("vocab_size", 50304), attention.HiddenSize,
            Decoder.Same(c.Layers("num_hidden_layers", 32), new BlockParts(attention, feedForward,
            [
                .. attention.Separate("self_attn.", bias, bias),
                .. feedForward.Tensors("mlp."),
            ])),
            tied: c.Flag("tie_word_embeddings", false), finalNorm: []);
    }

    public static Architecture BuildOlmo2(ConfigReader c)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 4096, heads: 32);
        return Dense(c, "olmo2", [.. Enumerable.Repeat(attention, c.Layers("num_hidden_layers", 32))]);
    }

    public static Architecture BuildOlmo3(ConfigReader c)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 4096, heads: 32);
        return Dense(c, "olmo3", attention.ByLayer(c, c.Layers("num_hidden_layers", 32), c.Window(4096),
            slides: layer => (layer + 1) % 4 != 0));
    }

    public static Architecture BuildMoe(ConfigReader c)
    {
        c = c.Alias("num_experts", "num_local_experts");
        GroupedQueryAttention attention = c.Attention(hiddenSize: 2048, heads: 16);
        MixtureOfExperts moe =
            c.Mixture(attention.HiddenSize, experts: ("num_experts", 64), active: 8, width: ("intermediate_size", 2048));
        return Sparse(c, "olmoe", vocabulary: 50304, layers: 16, attention, moe, normsAfter: false);
    }

    public static Architecture BuildFlex(ConfigReader c)
    {
        c = c.Alias("num_experts", "num_local_experts");
        GroupedQueryAttention attention = c.Attention(hiddenSize: 4096, heads: 32);
        MixtureOfExperts moe =
            c.Mixture(attention.HiddenSize, experts: ("num_experts", 7), active: 5, width: ("intermediate_size", 11008));
        return Sparse(c, "flex_olmo", vocabulary: 100352, layers: 32, attention, moe, normsAfter: true);
    }

    private static Architecture Dense(ConfigReader c, string family, ValueList<GroupedQueryAttention> attentions)
    {
        var feedForward = new GatedFeedForward(attentions[0].HiddenSize, c.Size("intermediate_size", 11008));
        bool bias = c.Flag("attention_bias", false);
        return Decoder.Of(c, family, c.Size("vocab_size", 50304), feedForward.HiddenSize,
            Decoder.ByKind(attentions.Count, layer => attentions[layer],
                a => Block(a, feedForward, feedForward.Tensors("mlp."), bias, normsAfter: true)),
            tied: c.Flag("tie_word_embeddings", false));
    }

    private static Architecture Sparse(ConfigReader c, string family, long vocabulary, int layers,
        GroupedQueryAttention attention, MixtureOfExperts moe, bool normsAfter) =>
        Decoder.Of(c, family, c.Size("vocab_size", vocabulary), attention.HiddenSize,
            Decoder.Same(c.Layers("num_hidden_layers", layers), Block(attention, moe,
                [.. moe.Router("mlp.gate"), .. moe.PerExpert("mlp.experts.{expert}.")],
                c.Flag("attention_bias", false), normsAfter)),
            tied: c.Flag("tie_word_embeddings", false));

    private static BlockParts Block(GroupedQueryAttention attention, FeedForward feedForward,
        IEnumerable<Tensor> feedForwardTensors, bool bias, bool normsAfter) => new(attention, feedForward,
        [
            .. normsAfter ? [] : Norm("input_layernorm", attention.HiddenSize),
            .. attention.Separate("self_attn.", bias, bias),
            .. attention.ProjectionNorms("self_attn."),
            .. Norm("post_attention_layernorm", attention.HiddenSize),
            .. feedForwardTensors,
            .. normsAfter ? Norm("post_feedforward_layernorm", attention.HiddenSize) : [],
        ]);
}
