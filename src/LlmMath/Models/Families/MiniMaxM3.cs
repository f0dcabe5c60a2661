using LlmMath.Architectures;
using LlmMath.Formats;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// MiniMax M3: norms on queries and keys of each head, attention to the best blocks of tokens and experts beside a shared one
/// after the first, dense, layers.
/// Source: Blaizzy/mlx-vlm, mlx_vlm/models/minimax_m3_vl/config.py and language.py, commit 9b13f522a7f1; the checkpoint's names:
/// NVIDIA-NeMo/Automodel, nemo_automodel/components/models/minimax_m3_vl/state_dict_adapter.py, commit 36044ad3d139.
/// </summary>
internal static class MiniMaxM3
{
    private const long DenseLayers = 3;

    public static Architecture Build(ConfigReader c, string family)
    {
        c = c.Alias("num_mtp_modules", "num_nextn_predict_layers").Idle("moe_layer_freq", "mtp_transformer_layers", "use_mtp")
            .Fixed("qk_norm_type", "per_head");
        GroupedQueryAttention full = c.Attention(hiddenSize: 6144, heads: 64, keyValueHeads: 4, headDim: 128);
        BlockSparseAttention sparse = Sparse(c, full);
        long hidden = full.HiddenSize, width = c.Size("intermediate_size", 3072);
        int layers = c.Layers("num_hidden_layers", 60);
        Func<int, bool> picks = Picks(c, layers);
        Func<int, bool> mixes = c.Words("mlp_layer_types", layers, yes: "sparse", no: "dense")
            ?? c.Switches("moe_layer_freq", layers)
            ?? AfterDense(c);
        c.Idle("first_k_dense_replace").Fixed("moe_intermediate_size", width);
        var dense = new GatedFeedForward(hidden, c.Size("dense_intermediate_size", 12288));
        MixtureOfExperts moe =
            c.Mixture(hidden, experts: ("num_local_experts", 128), active: 4, width: ("intermediate_size", width)) with
            {
                SharedIntermediateSize = c.Count("n_shared_experts", 1) == 0 ? 0 : c.Size("shared_intermediate_size", 3072),
            };
        bool norms = c.Flag("use_qk_norm", true), biased = c.Flag("use_routing_bias", true);
        if (c.Flag("attention_output_gate", false))
        {
            throw c.Invalid("attention_output_gate", "must be false: no reference tells the tensors of such a gate.");
        }

        return Decoder.Of(c, family, c.Size("vocab_size", 200064), hidden,
            Decoder.ByKind(layers, layer => (picks: picks(layer), mixes: mixes(layer)), kind =>
                new BlockParts(kind.picks ? sparse : full, kind.mixes ? moe : dense,
                [
                    .. Norm("input_layernorm", hidden),
                    .. full.Separate("self_attn."),
                    .. norms ? full.HeadNorms("self_attn.") : [],
                    .. kind.picks ? Index(sparse, "self_attn.") : [],
                    .. Norm("post_attention_layernorm", hidden),
                    .. kind.mixes ? Experts(moe, biased) : dense.Tensors("mlp."),
                ])),
            tied: c.Flag("tie_word_embeddings", false)) with
        {
            NotCounted = MultiTokenPrediction.NotCounted(c, "num_mtp_modules"),
        };
    }

    private static Func<int, bool> AfterDense(ConfigReader c)
    {
        long dense = c.Count("first_k_dense_replace", DenseLayers);
        return layer => layer >= dense;
    }

    private static IEnumerable<Tensor> Index(BlockSparseAttention a, string under) =>
    [
        .. Linear(under + "index_q_proj", a.HiddenSize, a.IndexHeads * a.IndexHeadDim,
            TensorRole.Attention, MatrixKind.Replicated),
        .. Linear(under + "index_k_proj", a.HiddenSize, a.IndexHeadDim, TensorRole.Attention, MatrixKind.Replicated),
        .. Norm(under + "index_q_norm", a.IndexHeadDim),
        .. Norm(under + "index_k_norm", a.IndexHeadDim),
    ];

    private static IEnumerable<Tensor> Experts(MixtureOfExperts moe, bool biased) =>
    [
        .. moe.Router("block_sparse_moe.gate"),
        .. When(biased, Plain("block_sparse_moe.e_score_correction_bias", TensorRole.Router, moe.Experts)),
        .. moe.PerExpert("block_sparse_moe.experts.{expert}.", gate: "w1", up: "w3", down: "w2"),
        .. moe.Shared("block_sparse_moe.shared_experts."),
    ];

    // The indexer's fields stand in a section, or under other names beside it.
    private static BlockSparseAttention Sparse(ConfigReader c, GroupedQueryAttention a)
    {
        ConfigReader? section = c.Section("sparse_attention_config");

        // Blocks that a query always has, and how they are scored.
        section?.Idle("sparse_disable_index_value", "sparse_init_block", "sparse_local_block", "sparse_score_type");
        long Size(string field, string beside, long fallback) => section?.SizeOrNull(field) ?? c.Size(beside, fallback);
        return new()
        {
            HiddenSize = a.HiddenSize,
            Heads = a.Heads,
            KeyValueHeads = a.KeyValueHeads,
            HeadDim = a.HeadDim,
            IndexHeads = Size("sparse_num_index_heads", "index_n_heads", 4),
            IndexHeadDim = Size("sparse_index_dim", "index_head_dim", 128),
            BlockSize = Size("sparse_block_size", "index_block_size", 128),
            TopBlocks = Size("sparse_topk_blocks", "index_topk_blocks", 16),
        };
    }

    private static Func<int, bool> Picks(ConfigReader c, int layers)
    {
        ConfigReader? section = c.Section("sparse_attention_config");
        Func<int, bool>? listed = c.Words("layer_types", layers, yes: "minimax_m3_sparse", no: "full_attention")
            ?? section?.Switches("sparse_attention_freq", layers);
        return section is not null && !section.Flag("use_sparse_attention", listed is not null) ? _ => false
            : listed ?? (layer => layer >= DenseLayers);
    }
}
