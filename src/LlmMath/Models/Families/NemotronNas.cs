using LlmMath.Architectures;
using LlmMath.Formats;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// Nemotron Super and Ultra, found by architecture search: each layer of a Llama has its own key and value heads and feed-forward
/// width, or a square linear layer in a part's place, or nothing.
/// Source: remote code (DeciLM), as read by vllm-project/vllm, vllm/model_executor/models/nemotron_nas.py, commit 00bd1493b3e8,
/// and ml-explore/mlx-lm, mlx_lm/models/nemotron-nas.py, commit d78bf58e217c.
/// </summary>
internal static class NemotronNas
{
    /// <summary>One layer. A part that is there but null is the square linear layer.</summary>
    private sealed record Layer(
        bool HasAttention, GroupedQueryAttention? Attention, bool HasFeedForward, GatedFeedForward? FeedForward);

    public static Architecture Build(ConfigReader c)
    {
        long hidden = c.Size("hidden_size", 8192);
        GroupedQueryAttention attention = c.MultiHead(hidden, "num_attention_heads", 64);
        int count = c.Layers("num_hidden_layers", 80);
        ValueList<ConfigReader> given = c.Sections("block_configs")
            ?? throw c.Missing("block_configs", "a list with an object for each layer");
        ValueList<Layer> layers = [.. c.PerLayer("block_configs", given, count).Select(block => Read(block, attention))];
        bool attentionBias = c.Flag("attention_bias", false), feedForwardBias = c.Flag("mlp_bias", false);
        return Decoder.Of(c, "nemotron-nas", c.Size("vocab_size", 128256), hidden,
            Decoder.ByKind(count, i => layers[i], layer => new BlockParts(
                layer.Attention is { } mixer ? [mixer] : [], layer.FeedForward is { } gated ? [gated] : [],
                [
                    .. layer.HasAttention ? Norm("input_layernorm", hidden) : [],
                    .. layer switch
                    {
                        { Attention: { } a } => a.Separate("self_attn.", attentionBias, attentionBias),
                        { HasAttention: true } =>
                            Linear("self_attn.linear_attn", hidden, hidden, TensorRole.Attention, MatrixKind.Other),
                        _ => [],
                    },
                    .. layer.HasFeedForward ? Norm("post_attention_layernorm", hidden) : [],
                    .. layer switch
                    {
                        { FeedForward: { } f } => f.Tensors("mlp.", feedForwardBias),
                        { HasFeedForward: true } =>
                            Linear("mlp.linear_mlp", hidden, hidden, TensorRole.FeedForward, MatrixKind.Up),
                        _ => [],
                    },
                ])),
            tied: c.Flag("tie_word_embeddings", false));
    }

    private static Layer Read(ConfigReader block, GroupedQueryAttention full)
    {
        ConfigReader attention = Part(block, "attention"), feedForward = Part(block, "ffn");
        attention.Idle("n_heads_in_group", "num_sink_tokens", "replace_with_linear", "sparsify", "unshifted_sink",
            "use_prefill_window_in_sink_attention", "window_length");
        feedForward.Idle("ffn_mult", "replace_with_linear", "sparsify");
        bool hasAttention = !attention.Flag("no_op", false), hasFeedForward = !feedForward.Flag("no_op", false);
        return new(
            hasAttention, hasAttention && !attention.Flag("replace_with_linear", false)
                ? (full with
                {
                    KeyValueHeads = attention.Divide(full.Heads, attention.Size("n_heads_in_group"), "n_heads_in_group"),
                }).Within(attention.SizeOrNull("window_length"))
                : null,
            hasFeedForward, hasFeedForward && !feedForward.Flag("replace_with_linear", false)
                ? new(full.HiddenSize, Width(feedForward, full.HiddenSize))
                : null);
    }

    private static ConfigReader Part(ConfigReader block, string field) =>
        block.Section(field) ?? throw block.Missing(field, "an object");

    /// <summary>Two thirds of a multiple of the hidden size, rounded up to 256s; or the width as it is given.</summary>
    private static long Width(ConfigReader feedForward, long hidden)
    {
        const string field = "ffn_mult";
        if (!feedForward.Has(field))
        {
            return feedForward.Size("intermediate_size");
        }

        double width = Math.Ceiling(Math.Truncate(2 * Math.Round(feedForward.Real(field, 0), 6) * hidden / 3) / 256) * 256;
        return width is > 0 and <= int.MaxValue
            ? (long)width
            : throw feedForward.Invalid(field, $"must give a width from 1 to 2,147,483,647; it is {feedForward.Value(field)}.");
    }
}
