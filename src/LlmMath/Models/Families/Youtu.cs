using LlmMath.Architectures;

namespace LlmMath.Models.Families;

/// <summary>
/// Youtu-LLM: DeepSeek-V3's latent attention with dense layers only.
/// Source: huggingface/transformers, src/transformers/models/youtu/modular_youtu.py, commit 074975050c71, and
/// deepseek_v3/configuration_deepseek_v3.py for the ranks.
/// </summary>
internal static class Youtu
{
    public static Architecture Build(ConfigReader c)
    {
        c.Fixed("mlp_bias", false);
        LatentAttention attention = c.LatentAttention(hiddenSize: 2048, heads: 16, queryRank: 1536, keyValueRank: 512,
            nopeHeadDim: 128, ropeHeadDim: 64, valueHeadDim: 128);
        bool bias = c.Flag("attention_bias", false);
        var dense = new DeepSeekFeedForward(new(attention.HiddenSize, c.Size("intermediate_size", 6144)), Experts: null,
            IsSparse: _ => false);
        return DeepSeekDecoder.Of(c.Default("tie_word_embeddings", true), "youtu", c.Size("vocab_size", 128256),
            c.Layers("num_hidden_layers", 32), attention, a => a.Latent("self_attn.", bias), dense);
    }
}
