using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// K-EXAONE: EXAONE 4's windows and norms of queries and keys in Llama's order, with routed and shared experts after the first,
/// dense, layers, and blocks for multi-token prediction.
/// Source: huggingface/transformers, src/transformers/models/exaone_moe/modular_exaone_moe.py, commit 02e8340b9678; prediction:
/// vllm-project/vllm, vllm/model_executor/models/exaone_moe_mtp.py, commit 03742c0c2922; is_moe_layer and the checkpoint's names:
/// ml-explore/mlx-lm, mlx_lm/models/exaone_moe.py, commit d78bf58e217c.
/// </summary>
internal static class ExaoneMoe
{
    public static Architecture Build(ConfigReader c)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 4096, heads: 32, keyValueHeads: 32);
        long hidden = attention.HiddenSize;
        int layers = c.Layers("num_hidden_layers", 32);
        long? window = c.Window(4096);
        ValueList<GroupedQueryAttention> attentions = attention.ByLayer(c, layers, window,
            slides: window is null ? _ => false : Exaone4.Pattern(c));
        Func<int, bool> isSparse = c.Words("mlp_layer_types", layers, yes: "sparse", no: "dense")
            ?? c.Switches("is_moe_layer", layers)
            ?? AfterDenseLayers(c);
        var dense = new GatedFeedForward(hidden, c.Size("intermediate_size", 16384));
        MixtureOfExperts moe = c.Mixture(hidden, experts: ("num_experts", 64), active: 8, width: ("moe_intermediate_size", 1024),
            shared: ("num_shared_experts", 1));
        return Decoder.Of(c, "exaone_moe", c.Size("vocab_size", 102400), hidden,
            Decoder.ByKind(layers, layer => (attention: attentions[layer], sparse: isSparse(layer)), kind => kind.sparse
                ? LlamaBlock.Of(kind.attention, moe,
                [
                    .. moe.Router("mlp.gate"),
                    Plain("mlp.e_score_correction_bias", TensorRole.Router, moe.Experts),
                    .. moe.PerExpert("mlp.experts.{expert}."),
                    .. moe.Shared("mlp.shared_experts."),
                ], headNorms: true)
                : LlamaBlock.Of(kind.attention, dense, headNorms: true)),
            tied: c.Flag("tie_word_embeddings", false)) with
        {
            Additions = MultiTokenPrediction.Of(c, "num_nextn_predict_layers", 0, first: 0, Under("mtp.",
            [
                .. MultiTokenPrediction.Joined(hidden, "pre_fc_norm_embedding", "pre_fc_norm_hidden", "fc"),
                .. InEachLayer("layers.{layer}.", LlamaBlock.Of(attention, dense, headNorms: true).Tensors),
                .. Norm("norm", hidden),
            ])),
        };
    }

    private static Func<int, bool> AfterDenseLayers(ConfigReader c)
    {
        long dense = c.Count("first_k_dense_replace", 1);
        return layer => layer >= dense;
    }
}
