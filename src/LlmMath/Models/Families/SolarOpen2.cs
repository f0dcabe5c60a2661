using LlmMath.Architectures;
using LlmMath.Formats;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// Solar Open 2: Kimi's delta attention with gated grouped-query attention in every fourth layer, and experts beside a shared
/// one.
/// Source: vllm-project/vllm, vllm/model_executor/models/solar_open2.py, commit 2db7edb515c4, and
/// vllm/transformers_utils/configs/solar_open2.py, commit 407f290.
/// </summary>
internal static class SolarOpen2
{
    public static Architecture Build(ConfigReader c)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 4096, heads: 64, keyValueHeads: 8, headDim: 128);
        long hidden = attention.HiddenSize;
        int layers = c.Layers("num_hidden_layers", 48);
        ConfigReader linear = c.Section("linear_attn_config")
            ?? throw c.Missing("linear_attn_config", "the object with the linear layers' heads");
        GatedDeltaNet delta = linear.KimiDelta(hidden);
        Func<int, bool> attends = c.Idle("gqa_interval").Listed("gqa_layers") ?? Every(c.Size("gqa_interval", 3) + 1);
        bool full = c.Flag("kda_use_full_proj", false), norms = c.Flag("use_qk_norm", false);
        bool bias = c.Flag("attention_bias", false), gateBias = c.Flag("use_gqa_gate_bias", false);
        bool gated = c.Flag("use_gqa_gate", true);
        var feedForward = DeepSeekFeedForward.Read(c, hidden, layers, experts: 320, activeExperts: 8, sharedExperts: 1,
            expertSize: 1280, denseSize: 10240, denseLayers: 0) with
        {
            Correction = DeepSeekFeedForward.ScoreCorrection,
        };
        return Decoder.Of(c, "solar_open2", c.Size("vocab_size", 196608), hidden,
            Decoder.ByKind(layers, layer => (attends: attends(layer), sparse: feedForward.IsSparse(layer)), kind =>
            {
                FeedForwardParts layer = feedForward.Layer(kind.sparse);
                return new BlockParts(kind.attends ? attention : delta, layer.Kind,
                [
                    .. Norm("input_layernorm", hidden),
                    .. kind.attends ? Gated() : delta.KimiDelta("self_attn.", full, full),
                    .. Norm("post_attention_layernorm", hidden),
                    .. layer.Tensors,
                ]);
            }),
            tied: c.Flag("tie_word_embeddings", false));

        IEnumerable<Tensor> Gated() =>
        [
            .. attention.Separate("self_attn.", bias),
            .. norms ? attention.HeadNorms("self_attn.") : [],
            .. gated
                ? Linear("self_attn.g_proj", hidden, attention.OutputSize, TensorRole.Attention, MatrixKind.Other, gateBias)
                : [],
        ];
    }

    private static Func<int, bool> Every(long step) => layer => layer % step == 0;
}
