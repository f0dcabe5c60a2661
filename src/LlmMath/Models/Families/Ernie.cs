using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// ERNIE 4.5: Llama whose one flag sets all biases; its mixtures have routed and shared experts at the layers from
/// <c>moe_layer_start_index</c> to <c>moe_layer_end_index</c>, and may have blocks for multi-token prediction.
/// Source: huggingface/transformers, src/transformers/models/ernie4_5/configuration_ernie4_5.py, commit 008e57439125, and
/// modular_ernie4_5.py, commit 016bc8ef0876; ernie4_5_moe/configuration_ernie4_5_moe.py, commit 001f85b38fb4, and
/// modular_ernie4_5_moe.py, commit 01187e21cda1; prediction: vllm-project/vllm, vllm/model_executor/models/ernie_mtp.py, commit
/// 028aedf62ade.
/// </summary>
internal static class Ernie
{
    public static Architecture Build(ConfigReader c)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 1024, heads: 16, keyValueHeads: 2, headDim: 128);
        var feedForward = new GatedFeedForward(attention.HiddenSize, c.Size("intermediate_size", 3072));
        return Decoder.Of(c, "ernie4_5", c.Size("vocab_size", 103424), attention.HiddenSize,
            Decoder.Same(c.Layers("num_hidden_layers", 18), Dense(attention, feedForward, c.Flag("use_bias", false))),
            tied: c.Flag("tie_word_embeddings", true));
    }

    public static Architecture BuildMoe(ConfigReader c)
    {
        c = c.Alias("moe_num_experts", "num_experts").Alias("moe_k", "num_experts_per_tok");
        GroupedQueryAttention attention = c.Attention(hiddenSize: 2560, heads: 20, keyValueHeads: 4);
        long hidden = attention.HiddenSize;
        int layers = c.Layers("num_hidden_layers", 28);
        bool bias = c.Flag("use_bias", false);
        var dense = new GatedFeedForward(hidden, c.Size("intermediate_size", 12288));
        MixtureOfExperts moe = c.Mixture(hidden, experts: ("moe_num_experts", 64), active: 6,
            width: ("moe_intermediate_size", 1536), shared: ("moe_num_shared_experts", 2), activeField: "moe_k");
        Func<int, bool> isSparse = SparseLayers(c, layers);
        return Decoder.Of(c, "ernie4_5_moe", c.Size("vocab_size", 103424), hidden,
            Decoder.ByKind(layers, isSparse, sparse => sparse ? Sparse(attention, moe, bias) : Dense(attention, dense, bias)),
            tied: c.Flag("tie_word_embeddings", true), headBias: bias) with
        {
            Additions = MultiTokenPrediction.Of(c, "num_nextn_predict_layers", 0, first: 0, "model.",
            [
                .. MultiTokenPrediction.Joined(hidden, "mtp_emb_norm.{layer}", "mtp_hidden_norm.{layer}",
                    "mtp_linear_proj.{layer}"),
                .. Under("mtp_block.{layer}.", Dense(attention, dense, bias).Tensors),
            ]),
        };
    }

    private static BlockParts Dense(GroupedQueryAttention attention, GatedFeedForward feedForward, bool bias) =>
        LlamaBlock.Of(attention, feedForward, qkvBias: bias, outputBias: bias, feedForwardBias: bias);

    private static BlockParts Sparse(GroupedQueryAttention attention, MixtureOfExperts moe, bool bias) =>
        LlamaBlock.Of(attention, moe,
        [
            .. moe.Router("mlp.gate"),
            Plain("mlp.moe_statics.e_score_correction_bias", TensorRole.Router, 1, moe.Experts),
            .. moe.PerExpert("mlp.experts.{expert}.", bias: bias),
            .. moe.Shared("mlp.shared_experts.", bias),
        ], qkvBias: bias, outputBias: bias);

    /// <summary>Every <c>moe_layer_interval</c>-th layer from the first to the last one given; −1 is the model's
    /// last.</summary>
    private static Func<int, bool> SparseLayers(ConfigReader c, int layers)
    {
        const string end = "moe_layer_end_index";
        long first = c.Count("moe_layer_start_index", 1), interval = c.Size("moe_layer_interval", 1);
        long last = c.Value(end) is { Integer: -1 } ? layers - 1 : c.Count(end, layers - 1);
        return layer => (layer + 1) % interval == 0 && layer >= first && layer <= last;
    }
}
