using LlmMath.Architectures;
using LlmMath.Formats;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// HRM-Text, a looped model of two stacks: in each of <c>H_cycles</c> a token passes the low stack <c>L_cycles</c> times and the
/// high stack once, each pass with a cache of its own. Attention's output has a gate; norms have no weights.
/// Source: huggingface/transformers, src/transformers/models/hrm_text/configuration_hrm_text.py, commit 0eec8c78a95a, and
/// modular_hrm_text.py, commit 051fb71cfb14.
/// </summary>
internal static class HrmText
{
    public static Architecture Build(ConfigReader c)
    {
        long hidden = c.Size("hidden_size", 1536), heads = c.Size("num_attention_heads", 12);
        c.Fixed("num_key_value_heads", heads);
        var a = new GroupedQueryAttention
        {
            HiddenSize = hidden,
            Heads = heads,
            KeyValueHeads = heads,
            HeadDim = c.Size("head_dim", 128),
        };
        var feedForward = new GatedFeedForward(hidden, c.Size("intermediate_size", 4096));
        bool bias = c.Flag("attention_bias", false), feedForwardBias = c.Flag("mlp_bias", false);
        int layers = c.Has("num_layers_per_stack") ? c.Layers("num_layers_per_stack") : c.Layers("num_hidden_layers", 16);
        long high = c.Size("H_cycles", 2), low = c.Size("L_cycles", 3);
        Architecture decoder = Decoder.Of(c, "hrm_text", c.Size("vocab_size", 151808), hidden,
            [.. Stack("L_module", ("L_cycles", high * low)), .. Stack("H_module", ("H_cycles", high))],
            tied: c.Flag("tie_word_embeddings", false), finalNorm: []);
        return decoder with
        {
            Inputs = [.. decoder.Inputs, Plain("model.z_L_init", TensorRole.Projection, hidden)],
        };

        ValueList<Block> Stack(string name, (string Field, long Number) passes) =>
            Passes.Blocks(c, passes, layers, _ => 0, _ => new BlockParts(a, feedForward,
            [
                .. a.Separate("self_attn.", bias, bias),
                .. Linear("self_attn.gate_proj", hidden, a.OutputSize, TensorRole.Attention, MatrixKind.Other, bias),
                .. feedForward.Tensors("mlp.", feedForwardBias),
            ]), $"model.{name}.layers.{{layer}}.");
    }
}
