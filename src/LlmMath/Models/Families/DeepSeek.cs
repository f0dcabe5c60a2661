using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// DeepSeek: routed and shared experts; from V2 on latent attention, in V3 a correction of the router and multi-token prediction,
/// in V3.2 an indexer. Kimi K2 and Moonlight are V3.
/// Source: ml-explore/mlx-lm, mlx_lm/models/deepseek.py, commit d78bf58e217c; huggingface/transformers,
/// src/transformers/models/deepseek_v2/modular_deepseek_v2.py, commit 000c33fdfde1;
/// deepseek_v3/configuration_deepseek_v3.py, commit 001f85b38fb4, and modular_deepseek_v3.py, commit 000c33fdfde1;
/// deepseek_v32/modular_deepseek_v32.py, commit 01f8fa55d98f.
/// </summary>
internal static class DeepSeek
{
    public static Architecture Build(ConfigReader c)
    {
        c.Fixed("topk_method", "greedy");
        GroupedQueryAttention attention = c.Attention(hiddenSize: 4096, heads: 32, keyValueHeads: 32);
        int layers = c.Layers("num_hidden_layers", 30);
        bool bias = c.Flag("attention_bias", false);
        DeepSeekFeedForward feedForward = c.Has("n_routed_experts")
            ? DeepSeekFeedForward.Read(c, attention.HiddenSize, layers, experts: null, activeExperts: null,
                sharedExperts: 0, expertSize: 1407, denseSize: 11008, denseLayers: 0)
            : new(new(attention.HiddenSize, c.Size("intermediate_size", 11008)), Experts: null, IsSparse: _ => false);
        return DeepSeekDecoder.Of(c, "deepseek", c.Size("vocab_size", 102400), layers, attention,
            a => a.Separate("self_attn.", bias, bias), feedForward);
    }

    public static Architecture BuildV2(ConfigReader c)
    {
        // Another method has a correction of the scores.
        c.Fixed("topk_method", "greedy", "group_limited_greedy");

        // A config that gives one rank and leaves out the other has lost its null: V2-Lite projects queries at full rank.
        LatentAttention attention = c.LatentAttention(hiddenSize: 4096, heads: 32, queryRank: c.Has("kv_lora_rank") ? null : 1536,
            keyValueRank: 512, nopeHeadDim: 128, ropeHeadDim: 64, valueHeadDim: 128);
        int layers = c.Layers("num_hidden_layers", 32);
        bool bias = c.Flag("attention_bias", false);
        var feedForward = DeepSeekFeedForward.Read(c, attention.HiddenSize, layers, experts: 64,
            activeExperts: null, sharedExperts: 2, expertSize: 1407, denseSize: 11008, denseLayers: 0) with
        {
            Bias = c.Flag("mlp_bias", false),
        };
        return DeepSeekDecoder.Of(c, "deepseek_v2", c.Size("vocab_size", 32000), layers, attention,
            a => a.Latent("self_attn.", bias), feedForward);
    }

    public static Architecture BuildV3(ConfigReader c) => OfV3(c, "deepseek_v3", V3Attention(c));

    public static Architecture BuildV32(ConfigReader c) =>
        OfV3(c, "deepseek_v32", V3Attention(c).Indexed(c, heads: 64), feedForwardBias: c.Flag("mlp_bias", false));

    public static Architecture BuildKimiK2(ConfigReader c)
    {
        LatentAttention attention = V3Attention(c);
        Architecture architecture = OfV3(c, "kimi_k2", attention);

        // Left over from an attention with heads of their own; latent attention rotates RopeHeadDim elements.
        ValueList<Addition> frequencies = StoredBuffers.RotaryFrequencies(Decoder.LayerPrefix + "self_attn.rotary_emb.inv_freq",
            [.. Enumerable.Range(0, architecture.LayerCount)], rotated: attention.HiddenSize / attention.Heads);
        return architecture with { Additions = [.. architecture.Additions, .. frequencies] };
    }

    private static LatentAttention V3Attention(ConfigReader c) => c.LatentAttention(hiddenSize: 7168, heads: 128, queryRank: 1536,
        keyValueRank: 512, nopeHeadDim: 128, ropeHeadDim: 64, valueHeadDim: 128);

    private static Architecture OfV3(ConfigReader c, string family, LatentAttention attention, bool feedForwardBias = false)
    {
        int layers = c.Fixed("topk_method", "noaux_tc").Layers("num_hidden_layers", 61);
        bool bias = c.Flag("attention_bias", false);
        var feedForward = DeepSeekFeedForward.Read(c, attention.HiddenSize, layers, experts: 256,
            activeExperts: 8, sharedExperts: 1, expertSize: 2048, denseSize: 18432, denseLayers: 3) with
        {
            Correction = DeepSeekFeedForward.ScoreCorrection,
            Bias = feedForwardBias,
        };
        return DeepSeekDecoder.Of(c, family, c.Size("vocab_size", 129280), layers, attention,
            a => a.Latent("self_attn.", bias), feedForward)
            .Predicting(c, blocks: 0, attention.Latent("self_attn.", bias), feedForward);
    }
}
