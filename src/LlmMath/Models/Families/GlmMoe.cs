using LlmMath.Architectures;
using LlmMath.Interchange;

namespace LlmMath.Models.Families;

/// <summary>
/// GLM's mixtures in DeepSeek's form: grouped-query attention (GLM-4.5 to 4.7), latent attention (GLM-4.7-Flash), and latent
/// attention with an indexer that later layers may share (GLM-5).
/// Source: huggingface/transformers, src/transformers/models/glm4_moe/configuration_glm4_moe.py, commit 008e57439125, and
/// modular_glm4_moe.py, commit 008c726d1655; glm4_moe_lite/modular_glm4_moe_lite.py, commit 008e57439125;
/// glm_moe_dsa/configuration_glm_moe_dsa.py, commit 008e57439125, and modular_glm_moe_dsa.py, commit 01f8fa55d98f.
/// </summary>
internal static class GlmMoe
{
    public static Architecture Build4(ConfigReader c)
    {
        c = c.Alias("num_nextn_predict_layers", "num_mtp_layers");
        GroupedQueryAttention attention = c.Attention(hiddenSize: 4096, heads: 96, keyValueHeads: 8);
        int layers = c.Layers("num_hidden_layers", 46);
        bool bias = c.Flag("attention_bias", false), norms = c.Flag("use_qk_norm", false);
        var feedForward = DeepSeekFeedForward.Read(c, attention.HiddenSize, layers, experts: 128,
            activeExperts: 8, sharedExperts: 1, expertSize: 1408, denseSize: 10944, denseLayers: 1) with
        {
            Correction = DeepSeekFeedForward.ScoreCorrection,
        };
        return DeepSeekDecoder.Of(c, "glm4_moe", c.Size("vocab_size", 151552), layers, attention, Tensors, feedForward)
            .Predicting(c, blocks: 1, Tensors(attention), feedForward);

        IEnumerable<Tensor> Tensors(GroupedQueryAttention a) =>
            [.. a.Separate("self_attn.", bias), .. norms ? a.HeadNorms("self_attn.") : []];
    }

    public static Architecture Build4Lite(ConfigReader c)
    {
        c = c.Alias("qk_rope_head_dim", "head_dim");
        LatentAttention attention = c.LatentAttention(hiddenSize: 2048, heads: 20, queryRank: 768,
            keyValueRank: 512, nopeHeadDim: 192, ropeHeadDim: 64, valueHeadDim: 256);
        int layers = c.Layers("num_hidden_layers", 47);
        bool bias = c.Flag("attention_bias", false);
        var feedForward = DeepSeekFeedForward.Read(c, attention.HiddenSize, layers, experts: 64,
            activeExperts: 4, sharedExperts: 1, expertSize: 1536, denseSize: 10240, denseLayers: 1) with
        {
            Correction = DeepSeekFeedForward.ScoreCorrection,
        };
        return DeepSeekDecoder.Of(c, "glm4_moe_lite", c.Size("vocab_size", 154880), layers, attention,
            a => a.Latent("self_attn.", bias), feedForward)
            .Predicting(c, blocks: 0, attention.Latent("self_attn.", bias), feedForward);
    }

    public static Architecture BuildDsa(ConfigReader c)
    {
        c = c.Alias("n_routed_experts", "num_experts").Fixed("topk_method", "noaux_tc")
            .Idle("index_share_for_mtp_iteration", "indexer_rope_interleave");
        LatentAttention attention = c.LatentAttention(hiddenSize: 6144, heads: 64, queryRank: 2048,
            keyValueRank: 512, nopeHeadDim: 192, ropeHeadDim: 64, valueHeadDim: 256).Indexed(c, heads: 32);
        LatentAttention sharing = attention.SharingIndexer();
        int layers = c.Layers("num_hidden_layers", 78);
        bool bias = c.Flag("attention_bias", false);
        Func<int, bool> shares = SharesIndexer(c, layers);
        c.Fixed("layer_types", ConfigValue.Array([.. Enumerable.Repeat((ConfigValue)"deepseek_sparse_attention", layers)]));
        var feedForward = DeepSeekFeedForward.Read(c, attention.HiddenSize, layers, experts: 256,
            activeExperts: 8, sharedExperts: 1, expertSize: 2048, denseSize: 12288, denseLayers: 3) with
        {
            Correction = DeepSeekFeedForward.ScoreCorrection,
            Bias = c.Flag("mlp_bias", false),
        };
        return DeepSeekDecoder.Of(c, "glm_moe_dsa", c.Size("vocab_size", 154880), layers, attention,
            a => a.Latent("self_attn.", bias), feedForward, attentionOf: i => shares(i) ? sharing : attention)
            .Predicting(c, blocks: 0, attention.Latent("self_attn.", bias), feedForward, copies: false);
    }

    /// <summary>Which layers take the choice of an earlier layer's indexer: as <c>indexer_types</c> lists it, as
    /// <c>index_topk_pattern</c> spells it (F has its own, S shares), or all but the first <c>index_skip_topk_offset</c> and from
    /// the last of these every <c>index_topk_freq</c>th.</summary>
    private static Func<int, bool> SharesIndexer(ConfigReader c, int layers)
    {
        string field = c.Has("indexer_types") ? "indexer_types" : "index_topk_pattern";
        c = c.Value(field)?.Text is { } letters
            ? c.With(field, ConfigValue.Array([.. letters.Select(letter => (ConfigValue)letter.ToString())]))
            : c;
        if (c.Words(field, layers, yes: "shared", no: "full", yesToo: "S", noToo: "F") is { } listed)
        {
            c.Idle("index_topk_freq", "index_skip_topk_offset", "index_topk_pattern");
            return listed;
        }

        long step = Math.Max(1, c.Count("index_topk_freq", 1)), offset = c.Count("index_skip_topk_offset", 2);
        return layer => Math.Max(layer - offset + 1, 0) % step != 0;
    }
}
