using LlmMath.Architectures;
using LlmMath.Formats;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// A.X K1: DeepSeek-V3 with a norm after each mixture of experts. A.X K2: DeepSeek-V3.2's indexer; norms with a gate of low rank;
/// queries and a gate on the attention's output, both from one projection of the compressed queries before and after their norm.
/// Source: huggingface/transformers, src/transformers/models/axk1/modular_axk1.py, commit 0f5550f777b5, and
/// axk2/modular_axk2.py, commit 0572057be075.
/// </summary>
internal static class Axk
{
    public static Architecture Build1(ConfigReader c)
    {
        LatentAttention attention = c.LatentAttention(hiddenSize: 7168, heads: 64, queryRank: 1536, keyValueRank: 512,
            nopeHeadDim: 128, ropeHeadDim: 64, valueHeadDim: 128);
        long hidden = attention.HiddenSize;
        int layers = c.Layers("num_hidden_layers", 61);
        bool bias = c.Flag("attention_bias", false);
        var feedForward = DeepSeekFeedForward.Read(c, hidden, layers, experts: 192, activeExperts: 8, sharedExperts: 1,
            expertSize: 2048, denseSize: 18432, denseLayers: 1) with
        {
            Correction = DeepSeekFeedForward.ScoreCorrection,
        };
        return Of(c, "axk1", layers, attention, feedForward, sparse =>
        [
            .. Norm("input_layernorm", hidden),
            .. attention.Latent("self_attn.", bias),
            .. Norm("post_attention_layernorm", hidden),
            .. feedForward.Layer(sparse).Tensors,
            .. sparse ? Norm("post_mlp_layernorm", hidden) : [],
        ]);
    }

    public static Architecture Build2(ConfigReader c)
    {
        LatentAttention attention = c.LatentAttention(hiddenSize: 2048, heads: 32, queryRank: 384, keyValueRank: 128,
            nopeHeadDim: 64, ropeHeadDim: 32, valueHeadDim: 64).Indexed(c, heads: 16);
        long hidden = attention.HiddenSize, rank = c.Size("gated_norm_rank", 16);
        int layers = c.Layers("num_hidden_layers", 48);
        bool bias = c.Flag("attention_bias", false);
        var feedForward = DeepSeekFeedForward.Read(c, hidden, layers, experts: 128, activeExperts: 8, sharedExperts: 1,
            expertSize: 512, denseSize: 5120, denseLayers: 1) with
        {
            Correction = DeepSeekFeedForward.ScoreCorrection,
        };
        return Of(c, "axk2", layers, attention, feedForward, sparse =>
        [
            .. GatedNorm("input_layernorm"),
            .. Gated(attention, bias),
            .. sparse ? GatedNorm("post_attention_layernorm") : Norm("post_attention_layernorm", hidden),
            .. feedForward.Layer(sparse).Tensors,
        ]);

        IEnumerable<Tensor> GatedNorm(string name) =>
        [
            .. Norm(name + ".norm", hidden),
            .. Linear(name + ".mlp.fc1", hidden, rank, TensorRole.Projection, MatrixKind.Other),
            .. Linear(name + ".mlp.fc2", rank, hidden, TensorRole.Projection, MatrixKind.Other),
        ];
    }

    private static Architecture Of(ConfigReader c, string family, int layers, LatentAttention attention,
        DeepSeekFeedForward feedForward, Func<bool, IEnumerable<Tensor>> block) =>
        Decoder.Of(c, family, c.Size("vocab_size", 163840), attention.HiddenSize,
            Decoder.ByKind(layers, feedForward.IsSparse,
                sparse => new BlockParts(attention, feedForward.Layer(sparse).Kind, block(sparse))),
            tied: c.Flag("tie_word_embeddings", false)) with
        {
            NotCounted = MultiTokenPrediction.NotCounted(c, "num_nextn_predict_layers"),
        };

    // One projection in place of q_b_proj, which makes the queries and the gate of the values' size.
    private static IEnumerable<Tensor> Gated(LatentAttention a, bool bias) => a.Latent("self_attn.", bias).SelectMany(tensor =>
        tensor.Name == "self_attn.q_b_proj.weight"
            ? Linear("self_attn.q_gate_proj", 2 * a.QueryRank!.Value, a.Heads * (a.NopeHeadDim + a.RopeHeadDim + a.ValueHeadDim),
                TensorRole.Attention, MatrixKind.Other)
            : [tensor]);
}
