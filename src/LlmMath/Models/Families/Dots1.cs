using LlmMath.Architectures;

namespace LlmMath.Models.Families;

/// <summary>
/// dots.llm1: DeepSeek's experts behind grouped-query attention with a norm on queries and keys.
/// Source: huggingface/transformers, src/transformers/models/dots1/configuration_dots1.py, commit 008e57439125;
/// ml-explore/mlx-lm, mlx_lm/models/dots1.py, commit d78bf58e217c.
/// </summary>
internal static class Dots1
{
    public static Architecture Build(ConfigReader c)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 4608, heads: 32, keyValueHeads: 32);
        int layers = c.Layers("num_hidden_layers", 62);
        long fullLayers = c.Count("max_window_layers", 62);
        ValueList<GroupedQueryAttention> attentions = attention.ByLayer(c, layers, c.Window(4096), slides: i => i >= fullLayers);
        bool bias = c.Flag("attention_bias", false);
        var feedForward = DeepSeekFeedForward.Read(c, attention.HiddenSize, layers, experts: null,
            activeExperts: null, sharedExperts: 0, expertSize: 1408, denseSize: 10944, denseLayers: 0) with
        {
            Correction = DeepSeekFeedForward.ScoreCorrection,
        };
        return DeepSeekDecoder.Of(c, "dots1", c.Size("vocab_size", 152064), layers, attention,
            a => [.. a.Separate("self_attn.", bias, bias), .. a.HeadNorms("self_attn.")], feedForward,
            attentionOf: i => attentions[i]);
    }
}
