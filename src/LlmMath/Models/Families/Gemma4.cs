using System.Globalization;
using LlmMath.Architectures;
using LlmMath.Formats;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// Gemma 4: Gemma 3's block, its full layers with heads of another size and perhaps with keys that serve as values; Gemma 3n's
/// embeddings for each layer and shared keys and values (E2B, E4B), or experts beside the dense feed-forward (26B-A4B).
/// Source: huggingface/transformers, src/transformers/models/gemma4/configuration_gemma4.py, commit 008e57439125, and
/// modular_gemma4.py, commit 033b1a82d589.
/// </summary>
internal static class Gemma4
{
    /// <summary>What differs from layer to layer.</summary>
    private readonly record struct Kind(GroupedQueryAttention Attention, long Width);

    public static Architecture Build(ConfigReader c)
    {
        int layers = c.Layers("num_hidden_layers", 30);
        GroupedQueryAttention sliding = c.Attention(hiddenSize: 2304, heads: 8, keyValueHeads: 4, headDim: 256);
        long hidden = sliding.HiddenSize, perLayer = c.Count("hidden_size_per_layer_input", 256);
        bool bias = c.Flag("attention_bias", false), keysAreValues = c.Flag("attention_k_eq_v", false);
        MixtureOfExperts? moe = c.Flag("enable_moe_block", false)
            ? c.Mixture(hidden, experts: ("num_experts", null), active: null, width: ("moe_intermediate_size", null),
                activeField: "top_k_experts")
            : null;

        // Parts that are switched off, and how an image's tokens see one another.
        c.Idle("moe_intermediate_size", "num_experts", "top_k_experts", "vocab_size_per_layer_input",
            "use_bidirectional_attention");
        ValueList<Block> blocks = Decoder.ByKind(layers, Kinds(c, sliding, layers, keysAreValues), kind =>
        {
            var dense = new GatedFeedForward(hidden, kind.Width);
            return new BlockParts([kind.Attention], moe is null ? [dense] : [dense, moe],
            [
                .. Gemma.NormedTwice(hidden,
                    [
                        .. Linear("self_attn.q_proj", hidden, kind.Attention.QuerySize,
                            TensorRole.Attention, MatrixKind.Query, bias),
                        .. Norm("self_attn.q_norm", kind.Attention.HeadDim),
                        .. kind.Attention.SharesKeyValueCache ? [] : KeysAndValues(kind.Attention),
                        .. Linear("self_attn.o_proj", kind.Attention.OutputSize, hidden,
                            TensorRole.Attention, MatrixKind.AttentionOutput, bias),
                    ],
                    [.. dense.Tensors("mlp."), .. moe is null ? [] : ExpertTensors(moe)]),
                .. perLayer == 0 ? [] : Gemma3n.PerLayerInput(hidden, perLayer),
                Plain("layer_scalar", TensorRole.Norm, 1),
            ]);
        });
        Architecture decoder = Decoder.Of(c, "gemma4_text", c.Size("vocab_size", 262144), hidden, blocks,
            tied: c.Flag("tie_word_embeddings", true));
        return decoder with
        {
            Inputs =
            [
                .. decoder.Inputs,
                .. perLayer == 0 ? [] : Gemma3n.PerLayerEmbedding(c, hidden, perLayer, layers),
            ],
            Additions = [.. decoder.Blocks.SelectMany(Unused)],
        };

        IEnumerable<Tensor> KeysAndValues(GroupedQueryAttention attention) =>
        [
            .. Linear("self_attn.k_proj", hidden, attention.KeySize, TensorRole.Attention, MatrixKind.Key, bias),
            .. Norm("self_attn.k_norm", attention.HeadDim),
            .. keysAreValues && attention is not SlidingWindowAttention
                ? []
                : Linear("self_attn.v_proj", hidden, attention.ValueSize, TensorRole.Attention, MatrixKind.Value, bias),
        ];

        // Checkpoints store the projections also at the layers that read an earlier layer's keys and values.
        IEnumerable<Addition> Unused(Block block) =>
            block.Mixers[0] is GroupedQueryAttention { SharesKeyValueCache: true } attention
            ? [new Addition(PartKind.Other, "unused keys and values", block.Layers,
                [.. InEachLayer(Decoder.LayerPrefix, KeysAndValues(attention))])]
            : [];
    }

    private static Func<int, Kind> Kinds(ConfigReader c, GroupedQueryAttention sliding, int layers, bool keysAreValues)
    {
        bool doubleWide = c.Flag("use_double_wide_mlp", false);
        long width = c.Size("intermediate_size", 9216), firstSharing = layers - c.Count("num_kv_shared_layers", 0);
        long? globalKeyValueHeads = keysAreValues ? c.SizeOrNull("num_global_key_value_heads") : null;
        GroupedQueryAttention full = sliding with
        {
            HeadDim = c.Size("global_head_dim", 512),
            KeyValueHeads = globalKeyValueHeads ?? sliding.KeyValueHeads,
        };
        c.Divide(full.Heads, full.KeyValueHeads, "num_global_key_value_heads");
        ValueList<GroupedQueryAttention> byType =
            sliding.ByLayer(c, layers, c.Size("sliding_window", 512), slides: layer => (layer + 1) % 6 != 0);
        ConfigReader? own = c.Section("per_layer_config");
        return layer =>
        {
            // The last layer is full whatever layer_types says.
            bool isFull = layer == layers - 1 || byType[layer] is not SlidingWindowAttention;
            bool shares = firstSharing > 0 && layer >= firstSharing;
            GroupedQueryAttention attention = isFull ? full : byType[layer];
            if (own?.Section(layer.ToString(CultureInfo.InvariantCulture)) is { } fields)
            {
                attention = attention with
                {
                    HeadDim = fields.SizeOrNull("head_dim") ?? attention.HeadDim,
                    KeyValueHeads = fields.KeyValueHeads(attention.Heads, attention.KeyValueHeads),
                };
            }

            return new(attention with { SharesKeyValueCache = shares }, doubleWide && shares ? 2 * width : width);
        };
    }

    private static IEnumerable<Tensor> ExpertTensors(MixtureOfExperts moe) =>
    [
        .. Norm("post_feedforward_layernorm_1", moe.HiddenSize),
        Plain("router.scale", TensorRole.Router, moe.HiddenSize),
        .. moe.Router("router.proj"),
        Plain("router.per_expert_scale", TensorRole.Router, moe.Experts),
        .. Norm("pre_feedforward_layernorm_2", moe.HiddenSize),
        .. moe.Stacked("experts."),
        .. Norm("post_feedforward_layernorm_2", moe.HiddenSize),
    ];
}
