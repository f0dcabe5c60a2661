using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>
/// MiMo: Qwen 2's decoder, followed in the checkpoint by blocks for multi-token prediction.
/// Source: remote code, XiaomiMiMo/MiMo, modeling_mimo.py, commit 051d98d073ee, and configuration_mimo.py as copied in
/// jj8127/mimo_kor, commit 3280a423c62c; prediction: vllm-project/vllm, vllm/model_executor/models/mimo_mtp.py, commit
/// 0bb55d60cb66.
/// </summary>
internal static class Mimo
{
    public static Architecture Build(ConfigReader c)
    {
        c.Fixed("attention_bias", true);
        GroupedQueryAttention attention = c.Attention(hiddenSize: 4096, heads: 32, keyValueHeads: 32);
        long hidden = attention.HiddenSize;
        var feedForward = new GatedFeedForward(hidden, c.Size("intermediate_size", 22016));
        return Qwen2.Of(c, "mimo", attention, feedForward, qkvBias: true) with
        {
            Additions = MultiTokenPrediction.Of(c, "num_nextn_predict_layers", 0, first: 0, "model.mtp_layers.{layer}.",
            [
                .. MultiTokenPrediction.Joined(hidden, "token_layernorm", "hidden_layernorm", "input_proj"),
                .. LlamaBlock.Of(attention, feedForward, qkvBias: true).Tensors,
                .. Norm("final_layernorm", hidden),
            ]),
        };
    }
}
