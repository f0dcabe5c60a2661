using LlmMath.Architectures;

namespace LlmMath.Models.Families;

/// <summary>
/// Mixtral: Mistral with a mixture of experts at every layer; <c>intermediate_size</c> is one expert's width.
/// Source: huggingface/transformers, src/transformers/models/mixtral/configuration_mixtral.py, commit 008e57439125, and
/// modeling_mixtral.py, commit 00d4b3d2142c.
/// </summary>
internal static class Mixtral
{
    public static Architecture Build(ConfigReader c)
    {
        c = c.Alias("num_local_experts", "num_experts");
        GroupedQueryAttention attention = c.Attention(hiddenSize: 4096, heads: 32, keyValueHeads: 8).Within(c.Window(null));
        MixtureOfExperts moe =
            c.Mixture(attention.HiddenSize, experts: ("num_local_experts", 8), active: 2, width: ("intermediate_size", 14336));
        return Decoder.Of(c, "mixtral", c.Size("vocab_size", 32000), attention.HiddenSize,
            Decoder.Same(c.Layers("num_hidden_layers", 32), LlamaBlock.Of(attention, moe,
            [
                .. moe.Router("block_sparse_moe.gate"),
                .. moe.PerExpert("block_sparse_moe.experts.{expert}.", gate: "w1", up: "w3", down: "w2"),
            ])),
            tied: c.Flag("tie_word_embeddings", false));
    }
}
