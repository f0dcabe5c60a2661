using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// CPM-Ant: soft prompts as further rows of the embedding, an embedding of segments, one table of position biases for all layers,
/// and a head of its own with the vocabulary's rows alone.
/// Source: huggingface/transformers, src/transformers/models/cpmant/configuration_cpmant.py, commit 06053b84c14d, and
/// modeling_cpmant.py, commit 00a914814368.
/// </summary>
internal static class CpmAnt
{
    public static Architecture Build(ConfigReader c)
    {
        c = c.Alias("max_position_embeddings", "position_bias_max_distance");
        long vocabulary = c.Size("vocab_size", 30720), hidden = c.Size("hidden_size", 4096);
        long heads = c.Size("num_attention_heads", 32), segments = c.Size("segment_types", 32);
        long prompts = c.Count("prompt_types", 32) * c.Count("prompt_length", 32);
        var a = new GroupedQueryAttention
        {
            HiddenSize = hidden,
            Heads = heads,
            KeyValueHeads = heads,
            HeadDim = c.Size("dim_head", 128),
        };
        var feedForward = new GatedFeedForward(hidden, c.Size("dim_ff", 10240));
        return new Architecture
        {
            Family = "cpmant",
            VocabularySize = vocabulary,
            HiddenSize = hidden,
            ContextLength = c.Size("max_position_embeddings", 2048),
            Inputs =
            [
                Embedding("cpmant.input_embedding.weight", vocabulary + prompts, hidden),
                Plain("cpmant.segment_embedding.weight", TensorRole.Position, segments, hidden),
                Plain("cpmant.position_bias.relative_attention_bias", TensorRole.Position,
                    (segments * segments) + c.Size("position_bias_num_buckets", 512), heads),
            ],
            Blocks = Decoder.Same(c.Layers("num_hidden_layers", 48), new BlockParts(a, feedForward,
            [
                .. Norm("self_att.layernorm_before_attention", hidden),
                .. a.Separate("self_att.self_attention.", q: "project_q", k: "project_k", v: "project_v", o: "attention_out"),
                .. Norm("ffn.layernorm_before_ffn", hidden),
                .. feedForward.Tensors("ffn.ffn.", gate: "w_in.w_0", up: "w_in.w_1", down: "w_out"),
            ]), "cpmant.encoder.layers.{layer}."),
            Outputs =
            [
                .. Norm("cpmant.encoder.output_layernorm", hidden),
                .. Head("lm_head", vocabulary, hidden, tiedTo: null),
            ],
        };
    }
}
