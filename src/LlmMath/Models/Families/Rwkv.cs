using LlmMath.Architectures;
using LlmMath.Formats;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// RWKV-4: time mixing in place of attention, channel mixing in place of a feed-forward layer, layer norms; one more before layer
/// 0.
/// Source: huggingface/transformers, src/transformers/models/rwkv/configuration_rwkv.py, commit 053f59efe493, and
/// modeling_rwkv.py, commit 058a04a3e543.
/// </summary>
internal static class Rwkv
{
    public static Architecture Build(ConfigReader c)
    {
        c = c.Alias("max_position_embeddings", "context_length");
        long hidden = c.Size("hidden_size", 4096);
        var mixer = new Rwkv4Mixer(hidden, c.Size("attention_hidden_size", hidden));
        var channels = new DenseFeedForward(hidden, c.Size("intermediate_size", 4 * hidden));
        return Decoder.Of(c, "rwkv", c.Size("vocab_size", 50277), hidden,
            Decoder.ByKind(c.Layers("num_hidden_layers", 32), layer => layer == 0, first => new BlockParts(mixer, channels,
            [
                .. first ? Norm("pre_ln", hidden, bias: true) : [],
                .. Norm("ln1", hidden, bias: true),
                .. Under("attention.", TimeMixing(mixer)),
                .. Norm("ln2", hidden, bias: true),
                .. Under("feed_forward.", ChannelMixing(channels)),
            ]), "rwkv.blocks.{layer}."),
            tied: c.Flag("tie_word_embeddings", false),
            embedding: "rwkv.embeddings.weight",
            finalNorm: Norm("rwkv.ln_out", hidden, bias: true),
            head: "head");
    }

    private static IEnumerable<Tensor> TimeMixing(Rwkv4Mixer m) =>
    [
        Plain("time_decay", TensorRole.State, m.AttentionSize),
        Plain("time_first", TensorRole.State, m.AttentionSize),
        Plain("time_mix_key", TensorRole.State, 1, 1, m.HiddenSize),
        Plain("time_mix_value", TensorRole.State, 1, 1, m.HiddenSize),
        Plain("time_mix_receptance", TensorRole.State, 1, 1, m.HiddenSize),
        .. Linear("key", m.HiddenSize, m.AttentionSize, TensorRole.State, MatrixKind.Other),
        .. Linear("value", m.HiddenSize, m.AttentionSize, TensorRole.State, MatrixKind.Other),
        .. Linear("receptance", m.HiddenSize, m.AttentionSize, TensorRole.State, MatrixKind.Other),
        .. Linear("output", m.AttentionSize, m.HiddenSize, TensorRole.State, MatrixKind.Other),
    ];

    private static IEnumerable<Tensor> ChannelMixing(DenseFeedForward f) =>
    [
        Plain("time_mix_key", TensorRole.FeedForward, 1, 1, f.HiddenSize),
        Plain("time_mix_receptance", TensorRole.FeedForward, 1, 1, f.HiddenSize),
        .. Linear("key", f.HiddenSize, f.IntermediateSize, TensorRole.FeedForward, MatrixKind.Other),
        .. Linear("value", f.IntermediateSize, f.HiddenSize, TensorRole.FeedForward, MatrixKind.Other),
        .. Linear("receptance", f.HiddenSize, f.HiddenSize, TensorRole.FeedForward, MatrixKind.Other),
    ];
}
