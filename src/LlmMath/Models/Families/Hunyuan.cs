using LlmMath.Architectures;
using LlmMath.Formats;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// Hunyuan 1: Llama with norms of queries and keys; its mixtures have a shared expert of the dense width, sizes that may differ
/// by layer, and, where <c>use_cla</c> says so, layers that attend to an earlier layer's keys and values.
/// Source: huggingface/transformers, src/transformers/models/hunyuan_v1_dense/configuration_hunyuan_v1_dense.py, commit
/// 05cd1ec14dbe, and modular_hunyuan_v1_dense.py, commit 0233e509531a; hunyuan_v1_moe/configuration_hunyuan_v1_moe.py, commit
/// 008cd60e348a, and modular_hunyuan_v1_moe.py, commit 05bf8f6478e9; sizes by layer and shared keys and values:
/// vllm-project/vllm, vllm/model_executor/models/hunyuan_v1.py, commit 00f8d4456f50.
/// </summary>
internal static class Hunyuan
{
    /// <summary>What may differ from layer to layer.</summary>
    private sealed record Layer(bool SharesKeyValueCache, long Experts, long ActiveExperts, long ExpertWidth, long SharedExperts);

    public static Architecture Build(ConfigReader c)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 4096, heads: 32);
        var feedForward = new GatedFeedForward(attention.HiddenSize, c.Size("intermediate_size", 11008));
        bool bias = c.Flag("attention_bias", false), norms = c.Flag("use_qk_norm", true);
        return Decoder.Of(c, "hunyuan_v1_dense", c.Size("vocab_size", 290943), attention.HiddenSize,
            Decoder.Same(c.Layers("num_hidden_layers", 32),
                Block(attention, feedForward, feedForward.Tensors("mlp."), bias, norms)),
            tied: c.Flag("tie_word_embeddings", false));
    }

    public static Architecture BuildMoe(ConfigReader c)
    {
        c = c.Alias("head_dim", "attention_head_dim");
        GroupedQueryAttention attention = c.Attention(hiddenSize: 4096, heads: 32);
        long hidden = attention.HiddenSize, width = c.Size("intermediate_size", 11008);
        int count = c.Layers("num_hidden_layers", 32);
        ValueList<Layer> layers = Layers(c, count, width);
        bool bias = c.Flag("attention_bias", false), norms = c.Flag("use_qk_norm", true);
        return Decoder.Of(c, "hunyuan_v1_moe", c.Size("vocab_size", 290943), hidden,
            Decoder.ByKind(count, i => layers[i], layer =>
            {
                var moe = new MixtureOfExperts
                {
                    HiddenSize = hidden,
                    Experts = layer.Experts,
                    ActiveExperts = layer.ActiveExperts,
                    ExpertIntermediateSize = layer.ExpertWidth,
                    SharedIntermediateSize = layer.SharedExperts * width,
                };
                return Block(attention with { SharesKeyValueCache = layer.SharesKeyValueCache }, moe,
                [
                    .. moe.Router("mlp.gate.wg"),
                    .. moe.Shared("mlp.shared_mlp."),
                    .. moe.PerExpert("mlp.experts.{expert}."),
                ], bias, norms);
            }),
            tied: c.Flag("tie_word_embeddings", false));
    }

    private static ValueList<Layer> Layers(ConfigReader c, int count, long width)
    {
        ValueList<long> experts = c.Sizes("num_experts", count, 1), active = c.Sizes("moe_topk", count, 1);
        ValueList<long> expertWidths = c.Sizes("moe_intermediate_size", count, width);

        // The reference builds a shared expert whatever use_mixed_mlp_moe says; the checkpoint's own code, where it is true.
        ValueList<long> shared = c.Flag("use_mixed_mlp_moe", true)
            ? c.Sizes("num_shared_expert", count, 1, minimum: 0)
            : [.. Enumerable.Repeat(0L, count)];
        long sharing = c.Flag("use_cla", false) ? c.Size("cla_share_factor", 1) : 1;
        return [.. Enumerable.Range(0, count).Select(i => active[i] <= experts[i]
            ? new Layer(i % sharing != 0, experts[i], active[i], expertWidths[i], shared[i])
            : throw c.Invalid("moe_topk", $"must be at most the {experts[i]} experts; it is {active[i]}."))];
    }

    private static BlockParts Block(GroupedQueryAttention a, FeedForward feedForward, IEnumerable<Tensor> feedForwardTensors,
        bool bias, bool norms) => new(a, feedForward,
        [
            .. Norm("input_layernorm", a.HiddenSize),
            .. Linear("self_attn.q_proj", a.HiddenSize, a.QuerySize, TensorRole.Attention, MatrixKind.Query, bias),
            .. a.SharesKeyValueCache ? [] : Linear("self_attn.k_proj", a.HiddenSize, a.KeySize,
                TensorRole.Attention, MatrixKind.Key, bias),
            .. a.SharesKeyValueCache ? [] : Linear("self_attn.v_proj", a.HiddenSize, a.ValueSize,
                TensorRole.Attention, MatrixKind.Value, bias),
            .. norms ? a.HeadNorms("self_attn.", "query_layernorm", "key_layernorm") : [],
            .. Linear("self_attn.o_proj", a.OutputSize, a.HiddenSize, TensorRole.Attention, MatrixKind.AttentionOutput, bias),
            .. Norm("post_attention_layernorm", a.HiddenSize),
            .. feedForwardTensors,
        ]);
}
