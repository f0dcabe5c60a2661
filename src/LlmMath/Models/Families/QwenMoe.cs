using LlmMath.Architectures;
using LlmMath.Formats;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// Qwen's mixtures of experts: Qwen 2 with routed experts and one gated shared expert, Qwen 3 with routed experts alone; a dense
/// layer where <c>mlp_only_layers</c> or <c>decoder_sparse_step</c> says so.
/// Source: huggingface/transformers, src/transformers/models/qwen2_moe/configuration_qwen2_moe.py, commit 008e57439125, and
/// modular_qwen2_moe.py, commit 001f85b38fb4; qwen3_moe/configuration_qwen3_moe.py, commit 008e57439125, and
/// modular_qwen3_moe.py, commit 00eb11666852.
/// </summary>
internal static class QwenMoe
{
    public static Architecture BuildQwen2(ConfigReader c)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 2048, heads: 16, keyValueHeads: 16);
        long? window = c.SwitchedWindow(4096);
        long last = window is null ? 0 : c.Count("max_window_layers", 28);
        ValueList<GroupedQueryAttention> attentions = attention.ByLayer(c, c.Layers("num_hidden_layers", 24), window,
            slides: layer => layer % 2 == 0 && layer < last);
        bool qkvBias = c.Flag("qkv_bias", true);
        return Of(c, "qwen2_moe", attentions, experts: 60, active: 4, width: 1408, denseWidth: 5632, Sparse,
            (a, feedForward) => LlamaBlock.Of(a, feedForward.Kind, feedForward.Tensors, qkvBias));

        FeedForwardParts Sparse(MixtureOfExperts routed)
        {
            MixtureOfExperts moe = routed with { SharedIntermediateSize = c.Count("shared_expert_intermediate_size", 5632) };
            return new(moe,
            [
                .. moe.Router("mlp.gate"),
                .. moe.PerExpert("mlp.experts.{expert}."),
                .. moe.Shared("mlp.shared_expert."),
                .. Linear("mlp.shared_expert_gate", moe.HiddenSize, 1, TensorRole.SharedExpert, MatrixKind.None),
            ]);
        }
    }

    public static Architecture BuildQwen3(ConfigReader c) =>
        OfQwen3(c, "qwen3_moe", moe => moe.PerExpert("mlp.experts.{expert}."));

    /// <summary>Qwen 3's mixture, whose experts Qwen3-VL stores otherwise.</summary>
    public static Architecture OfQwen3(ConfigReader c, string family, Func<MixtureOfExperts, IEnumerable<Tensor>> experts)
    {
        c = c.Alias("num_experts", "num_local_experts").Fixed("qkv_bias", false).Fixed("use_qk_norm", true)
            .Fixed("shared_expert_intermediate_size", 0);
        GroupedQueryAttention attention = c.Attention(hiddenSize: 2048, heads: 32, keyValueHeads: 4)
            .Within(c.SwitchedWindow(4096));
        bool bias = c.Flag("attention_bias", false);
        return Of(c, family, [.. Enumerable.Repeat(attention, c.Layers("num_hidden_layers", 24))],
            experts: 128, active: 8, width: 768, denseWidth: 6144, moe => new(moe, [.. moe.Router("mlp.gate"), .. experts(moe)]),
            (a, feedForward) => LlamaBlock.Of(a, feedForward.Kind, feedForward.Tensors, qkvBias: bias, outputBias: bias,
                headNorms: true));
    }

    private static Architecture Of(ConfigReader c, string family, ValueList<GroupedQueryAttention> attentions,
        long experts, long active, long width, long denseWidth, Func<MixtureOfExperts, FeedForwardParts> sparse,
        Func<GroupedQueryAttention, FeedForwardParts, BlockParts> block)
    {
        long hidden = attentions[0].HiddenSize;
        var gated = new GatedFeedForward(hidden, c.Size("intermediate_size", denseWidth));
        var dense = new FeedForwardParts(gated, gated.Tensors("mlp."));

        // No experts, no layers with experts.
        FeedForwardParts most = c.Count("num_experts", experts) == 0
            ? dense
            : sparse(c.Mixture(hidden, ("num_experts", experts), active, ("moe_intermediate_size", width)));
        Func<int, bool> isSparse = c.SparseLayers();
        return Decoder.Of(c, family, c.Size("vocab_size", 151936), hidden,
            Decoder.ByKind(attentions.Count, layer => (attention: attentions[layer], sparse: isSparse(layer)),
                kind => block(kind.attention, kind.sparse ? most : dense)),
            tied: c.Flag("tie_word_embeddings", false));
    }
}
