using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// Qwen, the first: multi-head attention from one projection, which alone has a bias; <c>intermediate_size</c> is twice the
/// feed-forward width.
/// Source: remote code, modeling_qwen.py as copied in zhangningboo/Qwen-7B, commit 1ff20863b9e9, and configuration_qwen.py as
/// copied in Palpitate-v/LLM4ADD, commit 9abbf7c721d5.
/// </summary>
internal static class Qwen
{
    /// <summary>Fields of Qwen-VL and Qwen-Audio, which share the <c>model_type</c>.</summary>
    private static readonly (string Field, PartKind Kind)[] Towers =
        [("visual", PartKind.Vision), ("audio", PartKind.Audio)];

    public static Architecture Build(ConfigReader c)
    {
        long hidden = c.Size("hidden_size", 4096), heads = c.Size("num_attention_heads", 32);
        c.Fixed("num_key_value_heads", heads);
        var attention = new GroupedQueryAttention
        {
            HiddenSize = hidden,
            Heads = heads,
            KeyValueHeads = heads,
            HeadDim = c.Size("kv_channels", 128),
        };
        if (attention.QuerySize != hidden)
        {
            throw c.Invalid("kv_channels",
                $"times num_attention_heads must be hidden_size, {hidden}; it is {attention.QuerySize}.");
        }

        long width = c.Size("intermediate_size", 22016);
        var feedForward = new GatedFeedForward(hidden, width % 2 == 0
            ? width / 2
            : throw c.Invalid("intermediate_size", $"must be even, twice the feed-forward width; it is {width}."));
        bool bias = !c.Flag("no_bias", true);
        Architecture decoder = Decoder.Of(c, "qwen", c.Size("vocab_size", 151936), hidden,
            Decoder.Same(c.Layers("num_hidden_layers", 32), new BlockParts(attention, feedForward,
            [
                .. Norm("ln_1", hidden),
                .. attention.Fused("attn.c_attn", "attn.c_proj", qkvBias: true, bias),
                .. Norm("ln_2", hidden),
                .. feedForward.Tensors("mlp.", bias, gate: "w2", up: "w1", down: "c_proj"),
            ]), "transformer.h.{layer}."),
            tied: c.Flag("tie_word_embeddings", false), "transformer.wte.weight", Norm("transformer.ln_f", hidden));
        return decoder with
        {
            NotCounted =
            [
                .. Towers.Where(tower => c.Has(tower.Field))
                    .Select(tower => new UncountedPart(tower.Kind, $"the {tower.Field} tower")),
            ],
        };
    }
}
