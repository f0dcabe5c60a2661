using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// Granite 4: Mamba-2 with a few attention layers, and experts beside a shared layer; without experts the shared layer is the
/// feed-forward layer.
/// Source: huggingface/transformers, src/transformers/models/granitemoehybrid/configuration_granitemoehybrid.py, commit
/// 008f5c8c29be, and modular_granitemoehybrid.py, commit 023633dd6387.
/// </summary>
internal static class GraniteMoeHybrid
{
    public static Architecture Build(ConfigReader c)
    {
        c = c.Alias("layer_types", "layers_block_type");
        GroupedQueryAttention attention = c.Attention(hiddenSize: 4096, heads: 32);
        long hidden = attention.HiddenSize;
        int layers = c.Layers("num_hidden_layers", 32);

        // Lists of models give just the number of attention layers at times; the counts are the same wherever they stand.
        long number = c.Value("_n_attn")?.Integer ?? 0;
        Func<int, bool> attends = c.AttendingLayers("layer_types", layers, "attention", "mamba") ?? (layer => layer < number);
        FeedForwardParts feedForward = FeedForward(c, hidden);
        return Decoder.Of(c, "granitemoehybrid", c.Size("vocab_size", 32000), hidden,
            Decoder.ByKind(layers, attends, isAttention =>
            {
                MixerParts mixer = isAttention ? Bamba.Attention(c, attention) : Bamba.StateSpace(c, hidden);
                return new BlockParts(mixer.Kind, feedForward.Kind,
                [
                    .. Norm("input_layernorm", hidden),
                    .. mixer.Tensors,
                    .. Norm("post_attention_layernorm", hidden),
                    .. feedForward.Tensors,
                ]);
            }),
            tied: c.Flag("tie_word_embeddings", false));
    }

    /// <summary>Experts beside the shared layer; without experts the shared layer alone.</summary>
    private static FeedForwardParts FeedForward(ConfigReader c, long hidden)
    {
        long sharedWidth = c.Size("shared_intermediate_size", 1024);
        if (c.Count("num_local_experts", 8) == 0)
        {
            c.Idle("intermediate_size", "num_experts_per_tok");
            var shared = new GatedFeedForward(hidden, sharedWidth);
            return new(shared, Granite.SharedLayer(shared, TensorRole.FeedForward));
        }

        MixtureOfExperts moe = Granite.Mixture(c, hidden, sharedWidth);
        return new(moe, Granite.Tensors(moe));
    }
}
