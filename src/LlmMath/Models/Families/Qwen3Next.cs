using LlmMath.Architectures;
using LlmMath.Formats;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// Qwen3-Next and Qwen 3.5: gated delta nets with gated attention in every fourth layer; experts beside a gated shared one, or
/// dense.
/// Source: huggingface/transformers, src/transformers/models/qwen3_next/configuration_qwen3_next.py, commit 008e57439125, and
/// modular_qwen3_next.py, commit 043bb8dde14a; qwen3_5/modular_qwen3_5.py, commit 009e78d6e89f;
/// qwen3_5_moe/modular_qwen3_5_moe.py, commit 0960594cbcb3; multi-token prediction: vllm-project/vllm,
/// vllm/model_executor/models/qwen3_5_mtp.py, commit 01d99805d1ef.
/// </summary>
internal static class Qwen3Next
{
    public static Architecture Build(ConfigReader c)
    {
        c = c.Alias("num_experts", "num_local_experts");
        GroupedQueryAttention attention = c.Attention(hiddenSize: 2048, heads: 16, keyValueHeads: 2, headDim: 256);
        FeedForwardParts dense = Dense(c, attention.HiddenSize, width: 5632);
        FeedForwardParts most = c.Count("num_experts", 512) == 0
            ? dense
            : Sparse(c, attention.HiddenSize, experts: 512, active: 10, stacked: false);
        Func<int, bool> isSparse = c.SparseLayers();
        return Of(c, "qwen3_next", vocabulary: 151936, layers: 48, attention, fused: true, predictor: most,
            layer => isSparse(layer) ? most : dense);
    }

    public static Architecture BuildQwen35(ConfigReader c)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 4096, heads: 16, keyValueHeads: 4, headDim: 256);
        FeedForwardParts dense = Dense(c, attention.HiddenSize, width: 12288);
        return Of(c, "qwen3_5_text", vocabulary: 248320, layers: 32, attention, fused: false, dense, _ => dense);
    }

    public static Architecture BuildQwen35Moe(ConfigReader c)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 2048, heads: 16, keyValueHeads: 2, headDim: 256);
        FeedForwardParts moe = Sparse(c, attention.HiddenSize, experts: 256, active: 8, stacked: true);
        return Of(c, "qwen3_5_moe_text", vocabulary: 248320, layers: 40, attention, fused: false, moe, _ => moe);
    }

    private static Architecture Of(ConfigReader c, string family, long vocabulary, int layers, GroupedQueryAttention attention,
        bool fused, FeedForwardParts predictor, Func<int, FeedForwardParts> feedForwardOf)
    {
        long hidden = attention.HiddenSize;
        // The gate's function, and how often a layer attends where the layers are not listed.
        c.Idle("output_gate_type", "full_attention_interval").Fixed("attn_output_gate", true)
            .Fixed("mtp_use_dedicated_embeddings", false);
        bool bias = c.Flag("attention_bias", false);
        var delta = new GatedDeltaNet
        {
            HiddenSize = hidden,
            KeyHeads = c.Size("linear_num_key_heads", 16),
            ValueHeads = c.Size("linear_num_value_heads", 32),
            KeyHeadDim = c.Size("linear_key_head_dim", 128),
            ValueHeadDim = c.Size("linear_value_head_dim", 128),
            ConvolutionKernel = c.Size("linear_conv_kernel_dim", 4),
            KeepsStateInFloat32 = c.Text("mamba_ssm_dtype", "float32") == "float32",
        };
        c.Divide(delta.ValueHeads, delta.KeyHeads, "linear_num_key_heads");
        layers = c.Layers("num_hidden_layers", layers);
        Func<int, bool> attends = c.AttendingLayers("layer_types", layers, "full_attention", "linear_attention")
            ?? EveryFourth(c);
        Architecture decoder = Decoder.Of(c, family, c.Size("vocab_size", vocabulary), hidden,
            Decoder.ByKind(layers, layer => (attends: attends(layer), feedForward: feedForwardOf(layer)), kind => kind.attends
                ? new BlockParts(attention, kind.feedForward.Kind, Around(Gated(attention, bias), kind.feedForward))
                : new BlockParts(delta, kind.feedForward.Kind, Around(delta.Tensors("linear_attn.", fused), kind.feedForward))),
            tied: c.Flag("tie_word_embeddings", false));
        return decoder with
        {
            Additions = MultiTokenPrediction.Of(c, "mtp_num_hidden_layers", 1, first: 0, Under("mtp.",
            [
                .. MultiTokenPrediction.Joined(hidden, "pre_fc_norm_embedding", "pre_fc_norm_hidden", "fc"),
                .. InEachLayer("layers.{layer}.", Around(Gated(attention, bias), predictor)),
                .. Norm("norm", hidden),
            ])),
        };

        IEnumerable<Tensor> Around(IEnumerable<Tensor> mixing, FeedForwardParts feedForward) =>
        [
            .. Norm("input_layernorm", hidden),
            .. mixing,
            .. Norm("post_attention_layernorm", hidden),
            .. feedForward.Tensors,
        ];
    }

    private static Func<int, bool> EveryFourth(ConfigReader c)
    {
        long interval = c.Size("full_attention_interval", 4);
        return layer => (layer + 1) % interval == 0;
    }

    /// <summary>Attention whose query projection makes the output's gate as well.</summary>
    private static IEnumerable<Tensor> Gated(GroupedQueryAttention a, bool bias) =>
    [
        .. Linear("self_attn.q_proj", a.HiddenSize, 2 * a.QuerySize, TensorRole.Attention, MatrixKind.Query, bias),
        .. Linear("self_attn.k_proj", a.HiddenSize, a.KeySize, TensorRole.Attention, MatrixKind.Key, bias),
        .. Linear("self_attn.v_proj", a.HiddenSize, a.ValueSize, TensorRole.Attention, MatrixKind.Value, bias),
        .. a.HeadNorms("self_attn."),
        .. Linear("self_attn.o_proj", a.OutputSize, a.HiddenSize, TensorRole.Attention, MatrixKind.AttentionOutput, bias),
    ];

    private static FeedForwardParts Dense(ConfigReader c, long hidden, long width)
    {
        var dense = new GatedFeedForward(hidden, c.Size("intermediate_size", width));
        return new(dense, dense.Tensors("mlp."));
    }

    private static FeedForwardParts Sparse(ConfigReader c, long hidden, long experts, long active, bool stacked)
    {
        MixtureOfExperts moe =
            c.Mixture(hidden, experts: ("num_experts", experts), active, width: ("moe_intermediate_size", 512)) with
        {
            SharedIntermediateSize = c.Size("shared_expert_intermediate_size", 512),
        };
        return new(moe,
        [
            .. stacked ? moe.BareRouter("mlp.gate") : moe.Router("mlp.gate"),
            .. stacked ? moe.Stacked("mlp.experts.") : moe.PerExpert("mlp.experts.{expert}."),
            .. moe.Shared("mlp.shared_expert."),
            .. Linear("mlp.shared_expert_gate", hidden, 1, TensorRole.SharedExpert, MatrixKind.None),
        ]);
    }
}
