using LlmMath.Architectures;
using LlmMath.Interchange;

namespace LlmMath.Models.Families;

/// <summary>
/// Llama 4: attention within chunks, but full and without positions at every fourth layer; at every layer or every second one
/// routed experts, stacked and stored as [inputs, outputs], beside a shared one. Its norms of queries and keys have no weights.
/// Source: huggingface/transformers, src/transformers/models/llama4/configuration_llama4.py, commit 008e57439125, and
/// modeling_llama4.py, commit 000c33fdfde1.
/// </summary>
internal static class Llama4
{
    public static Architecture Build(ConfigReader c)
    {
        // Queries and keys are brought to length one, without weights.
        int layers = c.Idle("use_qk_norm").Layers("num_hidden_layers", 48);
        GroupedQueryAttention full = c.Attention(hiddenSize: 5120, heads: 40, keyValueHeads: 8, headDim: 128);
        GroupedQueryAttention chunked = c.IsNull("attention_chunk_size") ? full : new ChunkedAttention
        {
            HiddenSize = full.HiddenSize,
            Heads = full.Heads,
            KeyValueHeads = full.KeyValueHeads,
            HeadDim = full.HeadDim,
            ChunkSize = c.Size("attention_chunk_size", 8192),
        };
        var dense = new GatedFeedForward(full.HiddenSize, c.Size("intermediate_size_mlp", 16384));
        MixtureOfExperts moe =
            c.Mixture(full.HiddenSize, experts: ("num_local_experts", 16), active: 1, width: ("intermediate_size", 8192));
        moe = moe with { SharedIntermediateSize = moe.ExpertIntermediateSize };
        bool bias = c.Flag("attention_bias", false);
        Func<int, bool> isChunked = ChunkedLayers(c, layers), hasExperts = ExpertLayers(c);
        return Decoder.Of(c, "llama4_text", c.Size("vocab_size", 202048), full.HiddenSize,
            Decoder.ByKind(layers, layer => (IsChunked: isChunked(layer), HasExperts: hasExperts(layer)), kind =>
            {
                GroupedQueryAttention attention = kind.IsChunked ? chunked : full;
                return kind.HasExperts
                    ? LlamaBlock.Of(attention, moe, ExpertTensors(moe), qkvBias: bias, outputBias: bias)
                    : LlamaBlock.Of(attention, dense, dense.Tensors("feed_forward."), qkvBias: bias, outputBias: bias);
            }),
            tied: c.Flag("tie_word_embeddings", false));
    }

    private static IEnumerable<Tensor> ExpertTensors(MixtureOfExperts moe) =>
    [
        .. moe.Router("feed_forward.router"),
        .. moe.StackedTransposed("feed_forward.experts."),
        .. moe.Shared("feed_forward.shared_expert."),
    ];

    // An empty list of moe_layers means no layer; no list means the last layer of every step.
    private static Func<int, bool> ExpertLayers(ConfigReader c)
    {
        if (c.Listed("moe_layers") is { } listed)
        {
            return listed;
        }

        long step = c.Size("interleave_moe_layer_step", 1);
        return layer => (layer + 1) % step == 0;
    }

    // Layers with rotary positions attend within chunks unless layer_types says otherwise.
    private static Func<int, bool> ChunkedLayers(ConfigReader c, int layers)
    {
        // The reference takes an empty list for a missing one.
        const string field = "no_rope_layers";
        c = c.Value(field)?.List is { Count: 0 } ? c.With(field, ConfigValue.Null) : c;
        return c.Words("layer_types", layers, yes: "chunked_attention", no: "full_attention") ?? c.RotaryLayers(layers);
    }
}
