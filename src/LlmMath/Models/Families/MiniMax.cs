using LlmMath.Architectures;
using LlmMath.Formats;
using LlmMath.Interchange;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// MiniMax-Text-01 and M1: Mixtral's experts, with lightning (linear) attention at most layers. MiniMax-M2: full attention at
/// every layer, norms of the whole query and key projections, and a correction bias for the router.
/// Source: huggingface/transformers, src/transformers/models/minimax/modular_minimax.py, commit 008e57439125, and
/// minimax_m2/modular_minimax_m2.py, commit 001f85b38fb4; the first checkpoints' names and shared expert: vllm-project/vllm,
/// vllm/model_executor/models/minimax_text_01.py, commit 01c91c00e45c.
/// </summary>
internal static class MiniMax
{
    public static Architecture Build(ConfigReader c, string family)
    {
        // M2's configs have gone by "minimax" too; these fields are theirs alone.
        if (c.Has("use_qk_norm") || c.Has("use_routing_bias"))
        {
            return BuildM2(c, family);
        }

        c = c.Alias("num_local_experts", "num_experts").Alias("attn_type_list", "decoder_attention_types");
        GroupedQueryAttention attention = c.Attention(hiddenSize: 4096, heads: 32, keyValueHeads: 8).Within(c.Window(null));
        long hidden = attention.HiddenSize;
        int layers = c.Layers("num_hidden_layers", 32);
        Func<int, bool> attends = c.Words("layer_types", layers, yes: "full_attention", no: "linear_attention")
            ?? c.Switches("attn_type_list", layers)
            ?? (layer => layer % 2 == 0);
        MixtureOfExperts moe =
            c.Mixture(hidden, experts: ("num_local_experts", 8), active: 2, width: ("intermediate_size", 14336)) with
            {
                SharedIntermediateSize = c.Count("shared_intermediate_size", 0),
            };
        return Decoder.Of(c, family, c.Size("vocab_size", 32000), hidden,
            Decoder.ByKind(layers, attends, isFull => new BlockParts(
                isFull ? attention : new LinearAttention(attention.Heads, attention.HeadDim), moe,
                [
                    .. Norm("input_layernorm", hidden),
                    .. isFull ? attention.Separate("self_attn.") : Lightning(attention, "self_attn."),
                    .. Norm("post_attention_layernorm", hidden),
                    .. moe.Router("block_sparse_moe.gate"),
                    .. Experts(moe),
                    .. moe.Shared("shared_mlp."),
                    .. moe.SharedIntermediateSize == 0 ? [] : Linear("coefficient", hidden, 1,
                        TensorRole.SharedExpert, MatrixKind.None),
                ])),
            tied: c.Flag("tie_word_embeddings", false));
    }

    public static Architecture BuildM2(ConfigReader c, string family)
    {
        c = c.Alias("num_local_experts", "num_experts").Idle("use_mtp", "mtp_transformer_layers")
            .Fixed("qk_norm_type", "per_layer").Fixed("shared_intermediate_size", 0).Fixed("use_routing_bias", true);
        GroupedQueryAttention attention = c.Attention(hiddenSize: 3072, heads: 48, keyValueHeads: 8, headDim: 128);
        long hidden = attention.HiddenSize;
        bool norms = c.Flag("use_qk_norm", true);
        MixtureOfExperts moe =
            c.Mixture(hidden, experts: ("num_local_experts", 256), active: 8, width: ("intermediate_size", 1536));
        int layers = c.Layers("num_hidden_layers", 62);

        // Every layer attends in full.
        c.Fixed("attn_type_list", ConfigValue.Array([.. Enumerable.Repeat((ConfigValue)1, layers)]));
        return Decoder.Of(c, family, c.Size("vocab_size", 200064), hidden,
            Decoder.Same(layers, new BlockParts(attention, moe,
            [
                .. Norm("input_layernorm", hidden),
                .. attention.Separate("self_attn."),
                .. norms ? attention.ProjectionNorms("self_attn.") : [],
                .. Norm("post_attention_layernorm", hidden),
                .. moe.Router("block_sparse_moe.gate"),
                Plain("block_sparse_moe.e_score_correction_bias", TensorRole.Router, moe.Experts),
                .. Experts(moe),
            ])),
            tied: c.Flag("tie_word_embeddings", false)) with
        {
            NotCounted = MultiTokenPrediction.NotCounted(c, "num_mtp_modules"),
        };
    }

    private static IEnumerable<Tensor> Experts(MixtureOfExperts moe) =>
        moe.PerExpert("block_sparse_moe.experts.{expert}.", gate: "w1", up: "w3", down: "w2");

    /// <summary>Lightning attention: every head has keys and values of its own, and the output has a gate and a norm.</summary>
    private static IEnumerable<Tensor> Lightning(GroupedQueryAttention a, string under) =>
    [
        .. Linear(under + "qkv_proj", a.HiddenSize, 3 * a.QuerySize, TensorRole.State, MatrixKind.Other),
        .. Norm(under + "norm", a.QuerySize),
        .. Linear(under + "output_gate", a.HiddenSize, a.QuerySize, TensorRole.State, MatrixKind.Other),
        .. Linear(under + "out_proj", a.QuerySize, a.HiddenSize, TensorRole.State, MatrixKind.Other),
    ];
}
