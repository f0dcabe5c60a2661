using System.Globalization;
using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// StableLM: Llama with layer norms; in the 12B attention and feed-forward stand side by side behind one norm, and each query
/// and key head has a norm of its own. StableLM Epoch is its name before it joined transformers, with neither.
/// Source: huggingface/transformers, src/transformers/models/stablelm/configuration_stablelm.py, commit 05cd1ec14dbe, and
/// modeling_stablelm.py, commit 00dcc6dda6f6; Zumwaltboi68/stable-code-3b, modeling_stablelm_epoch.py, commit 7c4583da0a36.
/// </summary>
internal static class StableLm
{
    public static Architecture Build(ConfigReader c) =>
        Of(c, "stablelm", parallel: c.Flag("use_parallel_residual", false), headNorms: c.Flag("qk_layernorm", false));

    public static Architecture BuildEpoch(ConfigReader c) => Of(c, "stablelm_epoch", parallel: false, headNorms: false);

    private static Architecture Of(ConfigReader c, string family, bool parallel, bool headNorms)
    {
        c.Fixed("use_norm_bias", false);
        GroupedQueryAttention attention = c.AttentionSharingWidth(hiddenSize: 2560, heads: 32, keyValueHeads: 32);
        long hidden = attention.HiddenSize;
        var feedForward = new GatedFeedForward(hidden, c.Size("intermediate_size", 6912));
        return Decoder.Of(c, family, c.Size("vocab_size", 50304), hidden,
            Decoder.Same(c.Layers("num_hidden_layers", 32), new BlockParts(attention, feedForward,
            [
                .. Norm("input_layernorm", hidden, bias: true),
                .. attention.Separate("self_attn.", qkvBias: c.Flag("use_qkv_bias", false)),
                .. headNorms ? HeadNorms(c, attention) : [],
                .. parallel ? [] : Norm("post_attention_layernorm", hidden, bias: true),
                .. feedForward.Tensors("mlp."),
            ])),
            tied: c.Flag("tie_word_embeddings", false),
            finalNorm: Norm("model.norm", hidden, bias: true));
    }

    // One tensor a head: a number of heads that no list could hold is refused.
    private static IEnumerable<Tensor> HeadNorms(ConfigReader c, GroupedQueryAttention attention)
    {
        const int most = 4096;
        if (attention.Heads > most)
        {
            throw c.Invalid("num_attention_heads", string.Format(CultureInfo.InvariantCulture,
                "must be at most {0:N0} where each head has its norm; it is {1:N0}.", most, attention.Heads));
        }

        IEnumerable<Tensor> Norms(string of, long heads) =>
            Enumerable.Range(0, (int)heads).SelectMany(head => Norm($"self_attn.{of}_layernorm.norms.{head}", attention.HeadDim));
        return [.. Norms("q", attention.Heads), .. Norms("k", attention.KeyValueHeads)];
    }
}
