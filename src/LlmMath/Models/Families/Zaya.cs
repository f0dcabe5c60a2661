using LlmMath.Architectures;
using LlmMath.Formats;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// ZAYA1: compressed convolutional attention; one of many experts, or none, picked by a router of three layers that also reads
/// the last layer's router; scales and biases on both sides of each residual. Source: huggingface/transformers,
/// src/transformers/models/zaya/modular_zaya.py, commit 060988b644b9.
/// </summary>
internal static class Zaya
{
    public static Architecture Build(ConfigReader c)
    {
        c = c.Needing("hidden_size", "head_dim", "num_hidden_layers");
        GroupedQueryAttention sizes = c.Attention(hiddenSize: 1, heads: 8, keyValueHeads: 2);
        long hidden = sizes.HiddenSize, first = c.Size("cca_time0", 2), second = c.Size("cca_time1", 2);
        int layers = c.Layers("num_hidden_layers");
        Func<int, bool> slides = c.Words("layer_types", layers, yes: "hybrid_sliding", no: "hybrid") ?? (_ => false);
        long? window = c.Window(null);
        MixtureOfExperts moe = c.Mixture(hidden, experts: ("num_experts", 16), active: 1, width: ("moe_intermediate_size", 2048));
        long routerSize = c.Size("router_hidden_size", 256);
        bool bias = c.Flag("attention_bias", false), headBias = c.Flag("lm_head_bias", false);
        Architecture decoder = Decoder.Of(c, "zaya", c.Size("vocab_size", 262272), hidden,
            Decoder.ByKind(layers, layer => (Slides: slides(layer), IsFirst: layer == 0), kind =>
            {
                ConvolvedAttention a = Attention(sizes, first + second - 2, kind.Slides ? Width(c, window) : null);
                return new BlockParts(a, moe,
                [
                    .. Norm("input_layernorm", hidden),
                    .. Under("self_attn.", Tensors(a, first, second, bias)),
                    .. Scaling("post_attention_residual_scale", hidden),
                    .. Norm("post_attention_layernorm", hidden),
                    .. Router(moe, routerSize, kind.IsFirst),
                    .. moe.Stacked("mlp.experts."),
                    .. Scaling("post_mlp_residual_scale", hidden),
                ]);
            }),
            tied: c.Flag("tie_word_embeddings", true), headBias: headBias);
        return decoder with
        {
            Inputs =
            [
                .. decoder.Inputs,
                Plain("model.input_hidden_states_scale", TensorRole.Projection, hidden),
                Plain("model.input_hidden_states_bias", TensorRole.Projection, hidden),
            ],
        };
    }

    private static long? Width(ConfigReader c, long? window) => window
        ?? throw c.Invalid("sliding_window", "must be a width, as layer_types has \"hybrid_sliding\"; it is missing.");

    private static ConvolvedAttention Attention(GroupedQueryAttention a, long taps, long? window) => new()
    {
        HiddenSize = a.HiddenSize,
        Heads = a.Heads,
        KeyValueHeads = a.KeyValueHeads,
        HeadDim = a.HeadDim,
        ConvolutionTaps = taps,
        Window = window,
    };

    private static IEnumerable<Tensor> Tensors(ConvolvedAttention a, long first, long second, bool bias)
    {
        long channels = a.QuerySize + a.KeySize;
        return
        [
            .. Linear("qkv_proj.q_proj", a.HiddenSize, a.QuerySize, TensorRole.Attention, MatrixKind.Query, bias),
            .. Linear("qkv_proj.k_proj", a.HiddenSize, a.KeySize, TensorRole.Attention, MatrixKind.Key, bias),
            .. Linear("qkv_proj.v_proj_current", a.HiddenSize, a.ValueSize / 2, TensorRole.Attention, MatrixKind.Value, bias),
            .. Linear("qkv_proj.v_proj_delayed", a.HiddenSize, a.ValueSize / 2, TensorRole.Attention, MatrixKind.Value, bias),
            .. RecurrentTensors.Convolution("qkv_proj.conv_qk_depthwise", channels, first, bias: true),
            Plain("qkv_proj.conv_qk_grouped.weight", TensorRole.State, channels, a.HeadDim, second),
            Plain("qkv_proj.conv_qk_grouped.bias", TensorRole.State, channels),
            Plain("qk_norm.temp", TensorRole.Norm, a.KeyValueHeads),
            .. Linear("o_proj", a.OutputSize, a.HiddenSize, TensorRole.Attention, MatrixKind.AttentionOutput, bias),
        ];
    }

    // One class more than experts: a token may pass all of them by.
    private static IEnumerable<Tensor> Router(MixtureOfExperts moe, long width, bool isFirst) => Under("mlp.gate.",
    [
        .. Linear("down_proj", moe.HiddenSize, width, TensorRole.Router, MatrixKind.Router, bias: true),
        .. When(!isFirst, Plain("router_states_scale", TensorRole.Router, width)),
        .. Norm("router_mlp.norm", width),
        .. Linear("router_mlp.fc1", width, width, TensorRole.Router, MatrixKind.Router, bias: true),
        .. Linear("router_mlp.fc2", width, width, TensorRole.Router, MatrixKind.Router, bias: true),
        .. Linear("router_mlp.out_proj", width, moe.Experts + 1, TensorRole.Router, MatrixKind.Router),
        Plain("balancing_biases", TensorRole.Router, moe.Experts + 1),
    ]);

    private static IEnumerable<Tensor> Scaling(string name, long hidden) =>
    [
        Plain(name + ".hidden_states_scale", TensorRole.Projection, hidden),
        Plain(name + ".hidden_states_bias", TensorRole.Projection, hidden),
        Plain(name + ".residual_scale", TensorRole.Projection, hidden),
        Plain(name + ".residual_bias", TensorRole.Projection, hidden),
    ];
}
