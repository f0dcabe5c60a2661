using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// Phi-1, 1.5 and 2: attention and feed-forward side by side under one layer norm; biases everywhere, the head included.
/// Source: huggingface/transformers, src/transformers/models/phi/configuration_phi.py, commit 008e57439125, and modular_phi.py,
/// commit 00a98e7125fd; the feed-forward's names and the head's bias: ml-explore/mlx-lm, mlx_lm/models/phi.py, commit
/// d78bf58e217c; the first releases' names: mlc-ai/mlc-llm, python/mlc_llm/model/phi/phi_model.py.
/// </summary>
internal static class Phi
{
    public static Architecture Build(ConfigReader c)
    {
        // The first releases' own names (phi-msft); what they leave out or null is four times the width.
        bool isFirst = !c.Has("hidden_size") && c.Has("n_embd");
        c = c.Alias("hidden_size", "n_embd").Alias("num_hidden_layers", "n_layer").Alias("num_attention_heads", "n_head")
            .Alias("num_key_value_heads", "n_head_kv").Alias("max_position_embeddings", "n_positions");
        bool normed = c.Flag("qk_layernorm", false);
        GroupedQueryAttention attention = c.Attention(hiddenSize: 2048, heads: 32);
        long hidden = attention.HiddenSize;
        var feedForward = new DenseFeedForward(hidden, isFirst
            ? c.Size("n_inner", 4 * hidden)
            : c.Size("intermediate_size", 8192));
        return Decoder.Of(c, "phi", c.Size("vocab_size", 51200), hidden,
            Decoder.Same(c.Layers("num_hidden_layers", 24), new BlockParts(attention, feedForward,
            [
                .. Norm("input_layernorm", hidden, bias: true),
                .. attention.Separate("self_attn.", qkvBias: true, outputBias: true, o: "dense"),
                .. normed ? attention.HeadNorms("self_attn.", "q_layernorm", "k_layernorm", bias: true) : [],
                .. feedForward.Tensors("mlp.", "fc1", "fc2", bias: true),
            ])),
            tied: c.Flag("tie_word_embeddings", false), finalNorm: Norm("model.final_layernorm", hidden, bias: true),
            headBias: true);
    }
}
