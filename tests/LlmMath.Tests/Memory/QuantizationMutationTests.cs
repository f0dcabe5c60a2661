using System.Text;
using LlmMath.Interchange;

namespace LlmMath.Tests.Memory;

/// <summary>A quantization_config or hf_quant_config.json with something wrong in it is read or refused, soon and in one
/// line.</summary>
public class QuantizationMutationTests
{
    private static readonly string[] s_right =
    [
        """
        { "quant_method": "fp8", "weight_block_size": [128, 128], "scale_fmt": "ue8m0", "modules_to_not_convert": ["lm_head"] }
        """,
        """
        { "quant_method": "compressed-tensors", "format": "pack-quantized", "ignore": ["lm_head", "re:.*self_attn.*"],
          "config_groups": { "group_0": { "targets": ["Linear"], "weights": { "num_bits": 4, "type": "int", "group_size": 32,
          "strategy": "group", "symmetric": true } } } }
        """,
        """
        { "quant_method": "modelopt", "quant_algo": "MIXED_PRECISION", "quantized_layers": {
          "model.layers.0.mlp.up_proj": { "quant_algo": "FP8" }, "model.layers.1.mlp": { "quant_algo": "NVFP4" } } }
        """,
        """
        { "producer": { "name": "modelopt" }, "quantization": { "quant_algo": "NVFP4", "group_size": 16,
          "kv_cache_quant_algo": "FP8", "exclude_modules": ["lm_head"] } }
        """,
        """
        { "quant_method": "gptq", "bits": 4, "group_size": 128, "desc_act": false, "sym": true, "dynamic": { "-:.*gate.*": {} } }
        """,
        """{ "quant_method": "awq", "bits": 4, "group_size": 128, "version": "gemm", "zero_point": true }""",
        """{ "quant_method": "bitsandbytes", "load_in_4bit": true, "bnb_4bit_quant_type": "nf4" }""",
        """{ "quant_method": "exl3", "bits": 4.0, "head_bits": 6 }""",
        """{ "quant_method": "aqlm", "num_codebooks": 1, "nbits_per_codebook": 16, "in_group_size": 8, "out_group_size": 1 }""",
        """{ "quant_method": "hqq", "quant_config": { "weight_quant_params": { "nbits": 4, "group_size": 64 } } }""",
        """{ "group_size": 64, "bits": 4, "lm_head": { "group_size": 32, "bits": 8 } }""",
    ];

    private static readonly string[] s_values =
    [
        "-1", "0", "1e308", "9223372036854775807", "4096", "null", "true", "[]", "{}", "\"\"", "\"re:(\"", "\"re:(a+)+$\"",
        "\"*\"",
    ];

    [Fact]
    public void WhatIsWrongIsReadOrRefused()
    {
        var random = new Random(13);
        int refused = 0;
        for (int i = 0; i < 1_500; i++)
        {
            string text = s_right[i % s_right.Length];
            for (int j = random.Next(1, 3); j > 0; j--)
            {
                text = Mutated(text, random);
            }

            string config = $$"""{ "model_type": "llama", "num_hidden_layers": 2, "quantization_config": {{text}} }""";
            refused += IsRefused(config) ? 1 : 0;
        }

        // Else the mutations test nothing: most of them are no config any longer, some still are.
        Assert.InRange(refused, 300, 1_450);
    }

    private static bool IsRefused(string config)
    {
        try
        {
            ModelDefinition model = HuggingFaceConfig.Read(new MemoryStream(Encoding.UTF8.GetBytes(config)));
            return model.CheckpointFormat is not { } format || model.CheckpointSize(format).Bytes < 1;
        }
        catch (DefinitionException error)
        {
            Assert.DoesNotContain('\n', error.Message);
            Assert.InRange(error.Message.Length, 1, 2_000);
            return true;
        }
    }

    // A value in place of another, a word of two runs into one, or a character.
    private static string Mutated(string text, Random random)
    {
        int at = random.Next(text.Length);
        if (random.Next(3) == 0)
        {
            return text[..at] + (char)random.Next(32, 127) + text[(at + 1)..];
        }

        int colon = text.IndexOf(':', at), end = colon < 0 ? -1 : text.IndexOfAny([',', '}'], colon);
        return end < 0 ? text : text[..(colon + 1)] + s_values[random.Next(s_values.Length)] + text[end..];
    }
}
