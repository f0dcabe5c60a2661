using LlmMath.Architectures;

namespace LlmMath.Models.Families;

/// <summary>
/// Decoders inside vision models that are another family's with defaults of their own.
/// Source: huggingface/transformers, src/transformers/models/qwen2_vl/configuration_qwen2_vl.py and
/// qwen2_5_vl/configuration_qwen2_5_vl.py, commit 018c8e0394c4; qwen3_vl/configuration_qwen3_vl.py, commit 000c33fdfde1;
/// qwen3_vl_moe/configuration_qwen3_vl_moe.py and glm4v_moe/configuration_glm4v_moe.py, commit 008e57439125;
/// glm4v/configuration_glm4v.py, commit 05cd1ec14dbe; cohere_compass/modular_cohere_compass.py, commit 033b1a82d589;
/// emu3/configuration_emu3.py, commit 008f5c8c29be; gemma4_unified/configuration_gemma4_unified.py and
/// phi4_multimodal/configuration_phi4_multimodal.py, commit 008e57439125; glm46v/configuration_glm46v.py, commit 0428a860bd2c;
/// Blaizzy/mlx-vlm, mlx_vlm/models/hunyuan_vl/config.py and phi4mm/config.py, commit 9b13f522a7f1.
/// </summary>
internal static class VisionText
{
    /// <summary>Qwen 2's decoder, in Qwen2-VL and Qwen2.5-VL.</summary>
    public static Architecture Qwen2(ConfigReader c, string family) => Families.Qwen2.Build(c
        .Default("vocab_size", 152064).Default("hidden_size", 8192).Default("intermediate_size", 29568)
        .Default("num_hidden_layers", 80).Default("num_attention_heads", 64).Default("num_key_value_heads", 8)
        .Default("max_window_layers", 80)) with { Family = family };

    /// <summary>Qwen 3's decoder, defaults and all, in Qwen3-VL.</summary>
    public static Architecture Qwen3(ConfigReader c, string family) => Families.Qwen3.Build(c) with { Family = family };

    /// <summary>Qwen 3's mixture of experts in Qwen3-VL, the experts stacked and stored as [inputs, outputs].</summary>
    public static Architecture Qwen3Moe(ConfigReader c, string family) => QwenMoe.OfQwen3(c
        .Alias("num_experts", "num_local_experts")
        .Default("intermediate_size", 5632).Default("num_attention_heads", 16).Default("num_key_value_heads", 16)
        .Default("moe_intermediate_size", 1408).Default("num_experts", 60).Default("num_experts_per_tok", 4)
        .Default("tie_word_embeddings", true), family, moe => moe.StackedTransposed("mlp.experts."));

    /// <summary>GLM-4's decoder, always with biases on queries, keys and values, in GLM-4.1V.</summary>
    public static Architecture Glm4(ConfigReader c, string family) =>
        Glm.Build4(c.With("attention_bias", true)) with { Family = family };

    /// <summary>GLM-4.5's mixture of experts, with biases and without a prediction layer, in GLM-4.5V.</summary>
    public static Architecture Glm4Moe(ConfigReader c, string family) => GlmMoe.Build4(c
        .Alias("num_nextn_predict_layers", "num_mtp_layers").Default("num_nextn_predict_layers", 0)
        .Default("vocab_size", 151424).Default("attention_bias", true)) with { Family = family };

    /// <summary>Cohere 2's decoder with full attention unless <c>layer_types</c> says otherwise, in Cohere Compass.</summary>
    public static Architecture Cohere2(ConfigReader c, string family) =>
        Cohere.BuildCohere2(c.Default("sliding_window_pattern", 1)) with { Family = family };

    /// <summary>Llama's decoder in Emu 3.</summary>
    public static Architecture Emu3(ConfigReader c, string family) => Families.Llama.Build(c
        .Default("vocab_size", 184622).Default("intermediate_size", 14336).Default("num_key_value_heads", 8))
        with { Family = family };

    /// <summary>Gemma 4's decoder without embeddings of the layers' own, in Gemma 4 Unified.</summary>
    public static Architecture Gemma4(ConfigReader c, string family) => Families.Gemma4.Build(c
        .Default("hidden_size_per_layer_input", 0).Default("sliding_window", 1024)) with { Family = family };

    /// <summary>HunYuan's dense decoder in HunyuanOCR.</summary>
    public static Architecture Hunyuan(ConfigReader c, string family) => Families.Hunyuan.Build(c
        .Alias("head_dim", "attention_head_dim")
        .Default("vocab_size", 120818).Default("hidden_size", 1024).Default("intermediate_size", 3584)
        .Default("num_hidden_layers", 24).Default("num_attention_heads", 16).Default("num_key_value_heads", 8)
        .Default("head_dim", 128).Default("tie_word_embeddings", true)) with { Family = family };

    /// <summary>Phi-4-mini's decoder in Phi-4-multimodal.</summary>
    public static Architecture Phi4(ConfigReader c, string family) => Phi3.Build(c
        .Default("vocab_size", 200064).Default("num_key_value_heads", 8)) with { Family = family };

    /// <summary>The same in the files of the model's own code, where each linear layer of a block has adapters around
    /// it.</summary>
    public static Architecture Phi4WithAdapters(ConfigReader c, string family)
    {
        Architecture decoder = Phi4(c, family);
        return decoder with
        {
            Blocks = [.. decoder.Blocks.Select(block => block with { Tensors = [.. block.Tensors.Select(Wrapped)] })],
        };

        static Tensor Wrapped(Tensor tensor) => tensor.Kind == Formats.MatrixKind.None
            ? tensor
            : tensor with { Name = tensor.Name.Replace(".weight", ".base_layer.weight") };
    }
}
