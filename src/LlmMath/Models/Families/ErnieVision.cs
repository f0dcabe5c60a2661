using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// ERNIE 4.5 VL's decoder: ERNIE 4.5's mixture with a second bank of narrower experts, which only the tokens of images pass, and
/// shared experts for both; a text token uses none of that bank. (The published files number the experts of both banks through.)
/// Source: huggingface/transformers, src/transformers/models/ernie4_5_vl_moe/configuration_ernie4_5_vl_moe.py, commit
/// 020a37d2264e, and modular_ernie4_5_vl_moe.py beside it; Blaizzy/mlx-vlm, mlx_vlm/models/ernie4_5_moe_vl/language.py, commit
/// 9b13f522a7f1.
/// </summary>
internal static class ErnieVision
{
    private const string WidthField = "moe_intermediate_size";

    public static Architecture Build(ConfigReader c)
    {
        c = c.Alias("moe_num_experts", "num_experts").Alias("moe_k", "num_experts_per_tok");
        GroupedQueryAttention attention = c.Attention(hiddenSize: 2560, heads: 20, keyValueHeads: 4);
        long hidden = attention.HiddenSize;
        int layers = c.Layers("num_hidden_layers", 28);
        bool bias = c.Flag("use_bias", false);
        var dense = new GatedFeedForward(hidden, c.Size("intermediate_size", 12288));
        ValueList<long> widths = Pair(c, WidthField, c.Counts(WidthField) ?? [1536, 512]);
        ValueList<long> experts = c.Value("moe_num_experts") is { List: not null }
            ? Pair(c, "moe_num_experts", c.Counts("moe_num_experts")!)
            : [c.Size("moe_num_experts", 64), c.Size("moe_num_experts", 64)];
        MixtureOfExperts text = new()
        {
            HiddenSize = hidden,
            Experts = experts[0],
            ActiveExperts = Math.Min(experts[0], c.Size("moe_k", 6)),
            ExpertIntermediateSize = widths[0],
            SharedIntermediateSize = c.Count("moe_num_shared_experts", 2) * widths[0],
        };
        MixtureOfExperts images = text with
        {
            Experts = experts[1],
            ActiveExperts = 0,
            ExpertIntermediateSize = widths[1],
            SharedIntermediateSize = 0,
        };
        long first = c.Count("moe_layer_start_index", 1);
        Func<int, bool> isSparse = c.Words("mlp_layer_types", layers, yes: "sparse", no: "dense") ?? (layer => layer >= first);
        return Decoder.Of(c, "ernie4_5_vl_moe_text", c.Size("vocab_size", 103424), hidden,
            Decoder.ByKind(layers, isSparse, sparse =>
            {
                BlockParts block = sparse
                    ? LlamaBlock.Of(attention, text, Tensors(text, images, bias), qkvBias: bias, outputBias: bias)
                    : LlamaBlock.Of(attention, dense, qkvBias: bias, outputBias: bias, feedForwardBias: bias);
                return sparse ? block with { FeedForwards = [text, images] } : block;
            }),
            tied: c.Flag("tie_word_embeddings", true));
    }

    private static IEnumerable<Tensor> Tensors(MixtureOfExperts text, MixtureOfExperts images, bool bias) =>
        [.. Bank("mlp.text_moe.", text), .. Bank("mlp.vision_moe.", images), .. text.Shared("mlp.shared_experts.", bias)];

    private static IEnumerable<Tensor> Bank(string under, MixtureOfExperts moe) =>
    [
        .. moe.Router(under + "gate"),
        Plain(under + "gate.moe_statics.e_score_correction_bias", TensorRole.Router, 1, moe.Experts),
        .. moe.Stacked(under + "experts."),
    ];

    private static ValueList<long> Pair(ConfigReader c, string field, ValueList<long> list) =>
        list.Count == 2 && list.All(n => n > 0) ? list
        : throw c.Invalid(field, "must have two sizes, for the experts of text and of images.");
}
