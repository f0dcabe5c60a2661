using LlmMath.Architectures;
using LlmMath.Formats;
using static LlmMath.Models.Families.RecurrentTensors;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// Inkling: attention with relative positions, short convolutions over keys, values and the outputs of both parts, windows with
/// heads of their own at all but every sixth layer, and experts beside shared ones that the router scores too.
/// Source: Blaizzy/mlx-vlm, mlx_vlm/models/inkling/config.py and language.py, commit 9b13f522a7f1; the checkpoint's names:
/// NVIDIA-NeMo/Automodel, nemo_automodel/components/models/inkling/state_dict_adapter.py, commit 36044ad3d139.
/// </summary>
internal static class Inkling
{
    private const string LayerPrefix = "model.llm.layers.{layer}.";

    public static Architecture Build(ConfigReader c)
    {
        c.Idle("gate_activation", "log_scaling_alpha", "log_scaling_n_floor", "logits_mup_width_multiplier",
            "unpadded_vocab_size")
            .Fixed("q_bias", false).Fixed("o_bias", false).Fixed("use_gate_bias", true).Fixed("use_global_scale", true)
            .Fixed("use_sconv", true).Fixed("shared_expert_sink", true);
        RelativeAttention full = Attention(c, "", keyValueHeads: 8);
        RelativeAttention sliding = Attention(c, "swa_", keyValueHeads: 16) with { Window = c.Size("sliding_window_size", 512) };
        long hidden = full.HiddenSize, relative = c.Size("d_rel", 16), extent = c.Size("rel_extent", 1024);
        int layers = c.Layers("num_hidden_layers", 66);
        Func<int, bool> slides = c.Words("layer_types", layers, yes: "hybrid_sliding", no: "hybrid", noToo: "full_attention")
            ?? c.Listed("local_layer_ids") ?? (layer => (layer + 1) % 6 != 0);
        long firstSparse = c.Count("dense_mlp_idx", 0);

        // The checkpoint's own config calls the experts' width intermediate_size, beside dense_intermediate_size; others call the
        // dense one so, beside moe_intermediate_size.
        long? denseWidth = c.SizeOrNull("dense_intermediate_size");
        const string expertWidth = "moe_intermediate_size";
        string widthField = denseWidth is not null && !c.Has(expertWidth) ? "intermediate_size" : expertWidth;
        Func<int, bool> mixes = c.Words("mlp_layer_types", layers, yes: "sparse", no: "dense") ?? (layer => layer >= firstSparse);
        var dense = new GatedFeedForward(hidden, denseWidth ?? c.Size("intermediate_size", 24576));
        long shared = c.Count("n_shared_experts", 2);
        MixtureOfExperts moe = c.Mixture(hidden, experts: ("n_routed_experts", 256), active: 6,
            width: (widthField, 3072), shared: ("n_shared_experts", 2));
        bool normed = c.Flag("use_embed_norm", true);
        Architecture decoder = Decoder.Of(c, "inkling_text", c.Size("vocab_size", 201024), hidden,
            Decoder.ByKind(layers, layer => (slides: slides(layer), mixes: mixes(layer)), kind =>
            {
                RelativeAttention own = kind.slides ? sliding : full;
                return new BlockParts(own, kind.mixes ? moe : dense,
                [
                    .. Norm("attn_norm", hidden),
                    .. Attends(own, relative, own.Window ?? extent),
                    .. Convolution("attn_sconv", hidden, own.ConvolutionKernel),
                    .. Norm("mlp_norm", hidden),
                    .. kind.mixes ? Experts(moe, shared) : Dense(dense),
                    .. Convolution("mlp_sconv", hidden, own.ConvolutionKernel),
                ]);
            }, LayerPrefix),
            tied: c.Flag("tie_word_embeddings", false), "model.llm.embed.weight", Norm("model.llm.norm", hidden),
            "model.llm.unembed");
        return decoder with { Inputs = [.. decoder.Inputs, .. normed ? Norm("model.llm.embed_norm", hidden) : []] };
    }

    private static RelativeAttention Attention(ConfigReader c, string prefix, long keyValueHeads)
    {
        string keys = prefix + "num_key_value_heads";
        long hidden = c.Size("hidden_size", 6144), kernel = c.Size("sconv_kernel_size", 4);
        long heads = c.Size(prefix + "num_attention_heads", 64), headDim = c.Size(prefix + "head_dim", 128);
        keyValueHeads = c.Size(keys, keyValueHeads);
        c.Divide(heads, keyValueHeads, keys);
        return new()
        {
            HiddenSize = hidden,
            Heads = heads,
            KeyValueHeads = keyValueHeads,
            HeadDim = headDim,
            ConvolutionKernel = kernel,
        };
    }

    private static IEnumerable<Tensor> Attends(RelativeAttention a, long relative, long extent) =>
    [
        .. a.Separate("attn.", q: "wq_du", k: "wk_dv", v: "wv_dv", o: "wo_ud"),
        .. a.HeadNorms("attn."),
        .. Linear("attn.wr_du", a.HiddenSize, a.Heads * relative, TensorRole.Attention, MatrixKind.Other),
        Plain("attn.rel_logits_proj.proj", TensorRole.Position, relative, extent),
        .. Convolution("attn.k_sconv", a.KeySize, a.ConvolutionKernel),
        .. Convolution("attn.v_sconv", a.ValueSize, a.ConvolutionKernel),
    ];

    private static IEnumerable<Tensor> Dense(GatedFeedForward f) =>
    [
        .. f.Fused("mlp.", "w13_dn", "w2_md"),
        Plain("mlp.global_scale", TensorRole.FeedForward, 1),
    ];

    private static IEnumerable<Tensor> Experts(MixtureOfExperts moe, long shared) =>
    [
        .. Linear("mlp.gate", moe.HiddenSize, moe.Experts + shared, TensorRole.Router, MatrixKind.Router),
        Plain("mlp.gate.bias", TensorRole.Router, moe.Experts),
        Plain("mlp.gate.global_scale", TensorRole.Router, 1),
        .. moe.Stacked("mlp.experts.", "w13_weight", "w2_weight"),
        .. shared == 0 ? [] : SharedExperts(moe, shared),
    ];

    private static IEnumerable<Tensor> SharedExperts(MixtureOfExperts moe, long shared)
    {
        long width = moe.ExpertIntermediateSize;
        const string under = "mlp.shared_experts.";
        yield return Plain(under + "shared_w13_weight", TensorRole.SharedExpert, shared, 2 * width, moe.HiddenSize) with
        {
            Kind = MatrixKind.Up,
        };
        yield return Plain(under + "shared_w2_weight", TensorRole.SharedExpert, shared, moe.HiddenSize, width) with
        {
            Kind = MatrixKind.Down,
        };
    }
}
