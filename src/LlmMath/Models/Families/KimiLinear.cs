using LlmMath.Architectures;
using LlmMath.Formats;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// Kimi Linear: Kimi's delta attention (KDA) with latent attention in every fourth layer, and a mixture of experts after the
/// first layers. Kimi K3: the same with gates of full rank, routed experts in a narrower projection of the stream, and attention
/// over the sums of earlier layers in place of one residual stream.
/// Source: moonshotai/Kimi-Linear-48B-A3B-Instruct, configuration_kimi.py, revision e1df551a4471; vllm-project/vllm,
/// vllm/model_executor/models/kimi_linear.py, commit 01d995867291, and layers/kda.py, commit 01a7e5d91d42; ml-explore/mlx-lm,
/// mlx_lm/models/kimi_linear.py, commit d78bf58e217c; Kimi K3: Blaizzy/mlx-vlm, mlx_vlm/models/kimi_k3/language.py, commit
/// 9b13f522a7f1, and NVIDIA-NeMo/Automodel, nemo_automodel/components/models/kimi_k3, commit 36044ad3d139.
/// </summary>
internal static class KimiLinear
{
    public static Architecture Build(ConfigReader c)
    {
        // Latent attention without rotary positions keeps its shapes.
        c.Idle("mla_use_nope", "num_key_value_heads", "head_dim").Fixed("topk_method", "noaux_tc");
        long hidden = c.Size("hidden_size", 4096);
        ConfigReader? linear = c.Section("linear_attn_config");
        const string deltaLayers = "kda_layers";
        Func<int, bool> isDelta = linear is null ? _ => false : linear.Listed(deltaLayers)
            ?? throw linear.Missing(deltaLayers, "a list of layers, the first of which is 1,");
        long firstSparse = c.Has("num_experts") ? c.Count("first_k_dense_replace", 0) : long.MaxValue;
        long step = c.Size("moe_layer_freq", 1);
        bool mixesSums = c.SizeOrNull("attn_res_block_size") is not null;
        Architecture decoder = Decoder.Of(c, "kimi_linear", c.Size("vocab_size", 163840), hidden,
            Decoder.ByKind(c.Layers("num_hidden_layers", 32),
                layer => (delta: isDelta(layer + 1), sparse: layer >= firstSparse && layer % step == 0), kind =>
                {
                    MixerParts mixer = kind.delta ? Delta() : Latent(c, hidden);
                    FeedForwardParts feedForward = kind.sparse ? Sparse(c, hidden) : Dense(c, hidden);
                    return new BlockParts(mixer.Kind, feedForward.Kind,
                    [
                        .. Norm("input_layernorm", hidden),
                        .. Under("self_attn.", mixer.Tensors),
                        .. Norm("post_attention_layernorm", hidden),
                        .. feedForward.Tensors,
                        .. mixesSums ? OverSums("self_attention_res", hidden) : [],
                        .. mixesSums ? OverSums("mlp_res", hidden) : [],
                    ]);
                }),
            tied: c.Flag("tie_word_embeddings", false));
        return decoder with
        {
            Outputs = [.. mixesSums ? OverSums("model.output_attn_res", hidden) : [], .. decoder.Outputs],
            NotCounted = MultiTokenPrediction.NotCounted(c, "num_nextn_predict_layers"),
        };

        MixerParts Delta()
        {
            GatedDeltaNet delta = linear!.KimiDelta(hidden);
            return new(delta, delta.KimiDelta("", fullGate: linear!.Flag("use_full_rank_gate", false)));
        }
    }

    // What weighs the sums that a part reads: a score of each, made of its norm.
    private static IEnumerable<Tensor> OverSums(string name, long hidden) =>
    [
        .. Linear(name + "_proj", hidden, 1, TensorRole.Projection, MatrixKind.None),
        .. Norm(name + "_norm", hidden),
    ];

    private static MixerParts Latent(ConfigReader c, long hidden)
    {
        var attention = new LatentAttention
        {
            HiddenSize = hidden,
            Heads = c.Size("num_attention_heads", 32),
            QueryRank = c.SizeOrNull("q_lora_rank"),
            KeyValueRank = c.Size("kv_lora_rank"),
            NopeHeadDim = c.Size("qk_nope_head_dim"),
            RopeHeadDim = c.Size("qk_rope_head_dim"),
            ValueHeadDim = c.Size("v_head_dim"),
        };
        return new(attention,
        [
            .. attention.Latent(""),
            .. c.Flag("mla_use_output_gate", false)
                ? Linear("g_proj", hidden, attention.Heads * attention.ValueHeadDim, TensorRole.Attention, MatrixKind.Other)
                : [],
        ]);
    }

    private static FeedForwardParts Dense(ConfigReader c, long hidden)
    {
        var dense = new GatedFeedForward(hidden, c.Size("intermediate_size", 11008));
        return new(dense, dense.Tensors("mlp."));
    }

    private static FeedForwardParts Sparse(ConfigReader c, long hidden)
    {
        long? narrower = c.SizeOrNull("routed_expert_hidden_size");
        MixtureOfExperts moe = c.Mixture(narrower ?? hidden, experts: ("num_experts", null), active: null,
            width: ("moe_intermediate_size", null), shared: ("num_shared_experts", 0), activeField: "num_experts_per_token");
        MixtureOfExperts ofStream = moe with { HiddenSize = hidden };
        return new(moe,
        [
            .. ofStream.Router("block_sparse_moe.gate"),
            Plain("block_sparse_moe.gate.e_score_correction_bias", TensorRole.Router, moe.Experts),
            .. narrower is { } width ? Narrower(width) : [],
            .. moe.PerExpert("block_sparse_moe.experts.{expert}.", gate: "w1", up: "w3", down: "w2"),
            .. ofStream.Shared("block_sparse_moe.shared_experts."),
        ]);

        IEnumerable<Tensor> Narrower(long width) =>
        [
            .. KeptWide(
                Linear("block_sparse_moe.routed_expert_down_proj", hidden, width, TensorRole.FeedForward, MatrixKind.Other)),
            .. c.Flag("latent_moe_use_norm", false) ? Norm("block_sparse_moe.routed_expert_norm", width) : [],
            .. KeptWide(
                Linear("block_sparse_moe.routed_expert_up_proj", width, hidden, TensorRole.FeedForward, MatrixKind.Other)),
        ];
    }
}
