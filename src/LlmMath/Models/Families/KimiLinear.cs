using LlmMath.Architectures;
using LlmMath.Formats;
using static LlmMath.Models.Families.RecurrentTensors;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// Kimi Linear: Kimi's delta attention (KDA) with latent attention in every fourth layer, and a mixture of experts after the
/// first layers.
/// Source: moonshotai/Kimi-Linear-48B-A3B-Instruct, configuration_kimi.py, revision e1df551a4471; vllm-project/vllm,
/// vllm/model_executor/models/kimi_linear.py, commit 01d995867291, and layers/kda.py, commit 01a7e5d91d42; ml-explore/mlx-lm,
/// mlx_lm/models/kimi_linear.py, commit d78bf58e217c.
/// </summary>
internal static class KimiLinear
{
    public static Architecture Build(ConfigReader c)
    {
        long hidden = c.Size("hidden_size", 4096);
        ConfigReader? linear = c.Section("linear_attn_config");
        const string deltaLayers = "kda_layers";
        Func<int, bool> isDelta = linear is null ? _ => false : linear.Listed(deltaLayers)
            ?? throw linear.Missing(deltaLayers, "a list of layers, the first of which is 1,");
        long firstSparse = c.Has("num_experts") ? c.Count("first_k_dense_replace", 0) : long.MaxValue;
        long step = c.Size("moe_layer_freq", 1);
        Architecture decoder = Decoder.Of(c, "kimi_linear", c.Size("vocab_size", 163840), hidden,
            Decoder.ByKind(c.Layers("num_hidden_layers", 32),
                layer => (delta: isDelta(layer + 1), sparse: layer >= firstSparse && layer % step == 0), kind =>
                {
                    MixerParts mixer = kind.delta ? Delta(linear!, hidden) : Latent(c, hidden);
                    FeedForwardParts feedForward = kind.sparse ? Sparse(c, hidden) : Dense(c, hidden);
                    return new BlockParts(mixer.Kind, feedForward.Kind,
                    [
                        .. Norm("input_layernorm", hidden),
                        .. Under("self_attn.", mixer.Tensors),
                        .. Norm("post_attention_layernorm", hidden),
                        .. feedForward.Tensors,
                    ]);
                }),
            tied: c.Flag("tie_word_embeddings", false));
        return decoder with { NotCounted = c.Count("num_nextn_predict_layers", 0) == 0 ? []
            : [new(PartKind.MultiTokenPrediction, "multi-token prediction")] };
    }

    private static MixerParts Delta(ConfigReader linear, long hidden)
    {
        long heads = linear.Size("num_heads"), headDim = linear.Size("head_dim");
        long kernel = linear.Size("short_conv_kernel_size", 4);
        var delta = new GatedDeltaNet
        {
            HiddenSize = hidden,
            KeyHeads = heads,
            ValueHeads = heads,
            KeyHeadDim = headDim,
            ValueHeadDim = headDim,
            ConvolutionKernel = kernel,
        };
        long size = delta.ValueSize;
        return new(delta,
        [
            .. Linear("q_proj", hidden, size, TensorRole.State, MatrixKind.Other),
            .. Linear("k_proj", hidden, size, TensorRole.State, MatrixKind.Other),
            .. Linear("v_proj", hidden, size, TensorRole.State, MatrixKind.Other),
            .. Convolution("q_conv1d", size, kernel),
            .. Convolution("k_conv1d", size, kernel),
            .. Convolution("v_conv1d", size, kernel),
            .. Linear("f_a_proj", hidden, headDim, TensorRole.State, MatrixKind.Other),
            .. Linear("f_b_proj", headDim, size, TensorRole.State, MatrixKind.Other),
            Plain("dt_bias", TensorRole.State, size),
            Plain("A_log", TensorRole.State, 1, 1, heads, 1),
            .. Linear("b_proj", hidden, heads, TensorRole.State, MatrixKind.Other),
            .. Linear("g_a_proj", hidden, headDim, TensorRole.State, MatrixKind.Other),
            .. Linear("g_b_proj", headDim, size, TensorRole.State, MatrixKind.Other),
            .. Norm("o_norm", headDim),
            .. Linear("o_proj", size, hidden, TensorRole.State, MatrixKind.Other),
        ]);
    }

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
        return new(attention, attention.Latent(""));
    }

    private static FeedForwardParts Dense(ConfigReader c, long hidden)
    {
        var dense = new GatedFeedForward(hidden, c.Size("intermediate_size", 11008));
        return new(dense, dense.Tensors("mlp."));
    }

    private static FeedForwardParts Sparse(ConfigReader c, long hidden)
    {
        MixtureOfExperts moe = c.Mixture(hidden, experts: ("num_experts", null), active: null,
            width: ("moe_intermediate_size", null), shared: ("num_shared_experts", 0), activeField: "num_experts_per_token");
        return new(moe,
        [
            .. moe.Router("block_sparse_moe.gate"),
            Plain("block_sparse_moe.gate.e_score_correction_bias", TensorRole.Router, moe.Experts),
            .. moe.PerExpert("block_sparse_moe.experts.{expert}.", gate: "w1", up: "w3", down: "w2"),
            .. moe.Shared("block_sparse_moe.shared_experts."),
        ]);
    }
}
