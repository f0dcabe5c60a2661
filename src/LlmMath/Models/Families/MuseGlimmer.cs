using LlmMath.Architectures;
using LlmMath.Formats;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// Muse Glimmer: norms before and after both parts, a gate on the attention's output, norms of queries and keys without weights,
/// and a window at all but every fourth layer, counted from the last.
/// Source: NVIDIA-NeMo/Automodel, nemo_automodel/components/models/muse_glimmer/config.py, model.py and state_dict_adapter.py,
/// commit 36044ad3d139.
/// </summary>
internal static class MuseGlimmer
{
    public static Architecture Build(ConfigReader c)
    {
        GroupedQueryAttention attention = c.Attention(hiddenSize: 6656, heads: 32, keyValueHeads: 2, headDim: 128);
        long hidden = attention.HiddenSize;
        int layers = c.Layers("num_hidden_layers", 52);
        ValueList<GroupedQueryAttention> attentions =
            attention.ByLayer(c, layers, c.Window(2048), slides: layer => (layers - layer - 1) % 4 != 0);
        var feedForward = new GatedFeedForward(hidden, c.Size("intermediate_size", 19968));
        return Decoder.Of(c, "muse_glimmer_text", c.Size("vocab_size", 202048), hidden,
            Decoder.ByKind(layers, layer => attentions[layer], own => new BlockParts(own, feedForward, Gemma.NormedTwice(hidden,
                [
                    .. own.Separate("self_attn."),
                    .. Linear("self_attn.gate_proj", hidden, own.OutputSize, TensorRole.Attention, MatrixKind.Other),
                ],
                feedForward.Tensors("mlp.")))),
            tied: c.Flag("tie_word_embeddings", false));
    }
}
