using static LlmMath.Families.TensorLists;

namespace LlmMath.Families;

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
        MixtureOfExperts? moe = Mixture(c, attention.HiddenSize, experts: 60, active: 4, width: 1408,
            shared: c.Count("shared_expert_intermediate_size", 5632));
        return Of(c, "qwen2_moe", attentions, moe, denseWidth: 5632, qkvBias: c.Flag("qkv_bias", true), sharedGate: true);
    }

    public static Architecture BuildQwen3(ConfigReader c)
    {
        c = c.Alias("num_experts", "num_local_experts");
        GroupedQueryAttention attention = c.Attention(hiddenSize: 2048, heads: 32, keyValueHeads: 4)
            .Within(c.SwitchedWindow(4096));
        MixtureOfExperts? moe = Mixture(c, attention.HiddenSize, experts: 128, active: 8, width: 768);
        bool bias = c.Flag("attention_bias", false);
        return Of(c, "qwen3_moe", [.. Enumerable.Repeat(attention, c.Layers("num_hidden_layers", 24))], moe, denseWidth: 6144,
            qkvBias: bias, outputBias: bias, headNorms: true);
    }

    private static MixtureOfExperts? Mixture(ConfigReader c, long hidden, long experts, long active, long width,
        long shared = 0) =>
        c.Count("num_experts", experts) is > 0 and var routed
            ? new()
            {
                HiddenSize = hidden,
                Experts = routed,
                ActiveExperts = c.ActiveExperts(routed, active),
                ExpertIntermediateSize = c.Size("moe_intermediate_size", width),
                SharedIntermediateSize = shared,
            }
            : null;

    private static Architecture Of(ConfigReader c, string family, ValueList<GroupedQueryAttention> attentions,
        MixtureOfExperts? moe, long denseWidth, bool qkvBias = false, bool outputBias = false, bool headNorms = false,
        bool sharedGate = false)
    {
        long hidden = attentions[0].HiddenSize;
        var dense = new GatedFeedForward(hidden, c.Size("intermediate_size", denseWidth));
        Func<int, bool> isSparse = c.SparseLayers();
        return Decoder.Of(c, family, c.Size("vocab_size", 151936), hidden,
            Decoder.ByKind(attentions.Count, layer => (attention: attentions[layer], sparse: isSparse(layer)), kind => kind switch
            {
                (var attention, sparse: true) when moe is not null => LlamaBlock.Of(attention, moe,
                [
                    .. moe.Router("mlp.gate"),
                    .. moe.PerExpert("mlp.experts.{expert}."),
                    .. moe.Shared("mlp.shared_expert."),
                    .. sharedGate ? Linear("mlp.shared_expert_gate", hidden, 1, TensorRole.SharedExpert) : [],
                ], qkvBias, outputBias, headNorms),
                (var attention, _) => LlamaBlock.Of(attention, dense, qkvBias, outputBias, headNorms),
            }),
            tied: c.Flag("tie_word_embeddings", false));
    }
}
