using LlmMath.Architectures;

namespace LlmMath.Models.Families;

/// <summary>
/// Mistral Small 4's text decoder: DeepSeek-V3's latent attention and mixture without the router's bias; experts in all layers,
/// stacked.
/// Source: NVIDIA-NeMo/Automodel, nemo_automodel/components/models/mistral4/configuration.py and state_dict_adapter.py, commit
/// 36044ad3d139.
/// </summary>
internal static class Mistral4
{
    public static Architecture Build(ConfigReader c)
    {
        LatentAttention attention = c.LatentAttention(hiddenSize: 4096, heads: 32, queryRank: 1024, keyValueRank: 256,
            nopeHeadDim: 64, ropeHeadDim: 64, valueHeadDim: 128);
        int layers = c.Layers("num_hidden_layers", 36);
        bool bias = c.Flag("attention_bias", false);
        var feedForward = DeepSeekFeedForward.Read(c, attention.HiddenSize, layers, experts: 128, activeExperts: 4,
            sharedExperts: 1, expertSize: 2048, denseSize: 12288, denseLayers: 0) with
        {
            Bias = c.Flag("mlp_bias", false),
            IsStacked = true,
        };
        return DeepSeekDecoder.Of(c, "mistral4", c.Size("vocab_size", 131072), layers, attention,
            a => a.Latent("self_attn.", bias), feedForward);
    }
}
