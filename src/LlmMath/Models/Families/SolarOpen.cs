using LlmMath.Architectures;

namespace LlmMath.Models.Families;

/// <summary>
/// Solar Open: GLM-4.5's mixture without norms of queries and keys and without dense layers.
/// Source: huggingface/transformers, src/transformers/models/solar_open/modular_solar_open.py, commit 02e8340b9678.
/// </summary>
internal static class SolarOpen
{
    public static Architecture Build(ConfigReader c)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 4096, heads: 64, keyValueHeads: 8, headDim: 128);
        int layers = c.Layers("num_hidden_layers", 48);
        bool bias = c.Flag("attention_bias", false);
        var feedForward = DeepSeekFeedForward.Read(c, attention.HiddenSize, layers, experts: 128,
            activeExperts: 8, sharedExperts: 1, expertSize: 1280, denseSize: 10240, denseLayers: 0) with
        {
            Correction = DeepSeekFeedForward.ScoreCorrection,
        };
        return DeepSeekDecoder.Of(c, "solar_open", c.Size("vocab_size", 196608), layers, attention,
            a => a.Separate("self_attn.", bias), feedForward);
    }
}
