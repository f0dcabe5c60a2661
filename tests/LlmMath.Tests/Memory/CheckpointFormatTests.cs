using System.Text;
using LlmMath.Interchange;

namespace LlmMath.Tests.Memory;

/// <summary>What a config says of its checkpoint's weights, against published sizes of the files.</summary>
public class CheckpointFormatTests
{
    private const string Fp8 =
        """{ "activation_scheme": "dynamic", "fmt": "e4m3", "quant_method": "fp8", "weight_block_size": [128, 128] }""";

    private const string Dsv4 = """
        { "activation_scheme": "dynamic", "fmt": "e4m3", "quant_method": "fp8", "scale_fmt": "ue8m0",
          "weight_block_size": [128, 128] }
        """;

    private const string Dsv41 = """
        { "activation_scheme": "dynamic", "expert_dtype": "fp4", "quant_method": "fp8", "scale_fmt": "ue8m0",
          "weight_block_size": [32, 32] }
        """;

    private const string KimiK3 = """
        { "config_groups": { "group_0": { "format": "mxfp4-pack-quantized", "input_activations": null, "output_activations": null,
            "targets": ["Linear"], "weights": { "actorder": null, "block_structure": null, "dynamic": false, "group_size": 32,
            "num_bits": 4, "observer": "minmax", "observer_kwargs": {}, "scale_dtype": "torch.uint8", "strategy": "group",
            "symmetric": true, "type": "float", "zp_dtype": null } } },
          "format": "mxfp4-pack-quantized", "ignore": ["re:.*self_attn.*", "re:.*shared_experts.*",
            "re:.*mlp\\.(gate|up|gate_up|down)_proj.*", "re:.*lm_head.*", "re:.*vision_tower.*", "re:.*mm_projector.*"],
          "kv_cache_scheme": null, "quant_method": "compressed-tensors", "quantization_status": "compressed" }
        """;

    // What NVIDIA's conversion of GLM-5.2 leaves out, as its hf_quant_config.json says layer by layer.
    private const string Glm52 = """
        { "quant_algo": "NVFP4", "quant_method": "modelopt", "group_size": 16, "ignore": ["lm_head", "model.embed_tokens",
          "model.layers.0*", "model.layers.1.*", "model.layers.2.*", "model.layers.78*", "*.mlp.shared_experts*", "*.self_attn*"] }
        """;

    // Which modules Qwen3.8's conversions leave out was not read: that all but routed experts are of 16 bits follows from the
    // size of the one in NVFP4, to three parts in ten million.
    private const string Qwen38 = """
        { "quant_algo": "NVFP4", "quant_method": "modelopt", "group_size": 16,
          "ignore": ["lm_head", "*self_attn*", "*linear_attn*", "*shared_expert*", "*mlp.gate"] }
        """;

    private const string Qwen38Fp8 = """
        { "activation_scheme": "dynamic", "fmt": "e4m3", "quant_method": "fp8", "weight_block_size": [128, 128],
          "modules_to_not_convert": ["lm_head", "model.layers.*.self_attn", "model.layers.*.linear_attn",
            "model.layers.*.mlp.gate", "model.layers.*.mlp.shared_expert", "model.layers.*.mlp.shared_expert_gate"] }
        """;

    // Configs' quantization: the models' own config.json, as ai-dynamo/aiconfigurator@095f58a5 has them under
    // aic-core/src/aiconfigurator_core/model_configs. Sizes: metadata.total_size of deepseek-ai/DeepSeek-V4.1-Flash's index at
    // dba1be0a40aa, less its vision tower and aligner, 485,268,480 elements of 16 bits, which are not counted; of
    // DeepSeek-V4-Flash's at 60d8d7077; of DeepSeek-V4-Pro's; of openai/gpt-oss-120b's and openai/gpt-oss-20b's; the weight files
    // of deepseek-ai/DeepSeek-V3, their headers included. Of GLM-5.2 and Qwen3.8: vllm-project/recipes@8959cf64,
    // models/zai-org/GLM-5.2.yaml ("~465 GB") and models/Qwen/Qwen3.8-2.4T-A95B.yaml (total_size of the indexes).
    [Theory]
    [InlineData("deepseek-v4.1-flash", Dsv41, 510_286_023_000 - (2 * 485_268_480L), 0.0)]
    [InlineData("deepseek-v4-flash", Dsv4, 159_609_485_896, 0.0)]
    [InlineData("gpt-oss-120b", """{ "quant_method": "mxfp4", "modules_to_not_convert": ["model.layers.*.self_attn"] }""",
        65_248_815_744, 0.0)]
    [InlineData("gpt-oss-20b", """{ "quant_method": "mxfp4", "modules_to_not_convert": ["model.layers.*.self_attn"] }""",
        13_761_264_768, 0.0)]
    [InlineData("deepseek-v4-pro", Dsv4, 864_704_792_696, 0.0)]
    [InlineData("deepseek-v3", Fp8, 688_586_727_753, 0.001)]
    [InlineData("glm-5.2", Glm52, 465_000_000_000, 0.001)]
    [InlineData("qwen3.8-2.4t-a95b", Qwen38, 1_447_265_951_488, 1e-6)]
    [InlineData("qwen3.8-2.4t-a95b", Qwen38Fp8, 2_496_154_358_768, 0.001)]
    public void ACheckpointTakesWhatItsIndexSays(string model, string quantization, long bytes, double tolerance)
    {
        ModelDefinition quantized = With(ModelCatalog.Find(model), quantization);
        long counted = quantized.CheckpointSize(quantized.CheckpointFormat!).Bytes;
        Assert.True(Math.Abs(counted - bytes) <= tolerance * bytes, $"{counted:N0} of {bytes:N0}");
        Assert.Empty(quantized.NotUnderstood);
    }

    // Experts of 4 bits, all else in 16: elements as stored are 1,503,647,073,024 with towers of 447,358,976 and 2,208 of padding
    // (moonshotai/Kimi-K3's files).
    [Fact]
    public void ExpertsOfKimiK3AreOf4BitsAndAllElseOf16()
    {
        ModelDefinition model = With(ModelCatalog.Find("kimi-k3"), KimiK3);
        long stored = 1_503_647_073_024 - 447_358_976 - 2_208, all = model.ParameterCount();
        // Of e elements of experts 17 ÷ 32 are stored: two codes a byte and a scale for 32.
        long experts = checked((all - stored) * 32) / 15;
        Assert.Equal(0, (all - stored) * 32 % 15);
        Assert.Equal((experts / 32 * 17) + (2 * (all - experts)), model.WeightMemory(model.CheckpointFormat!).Bytes);
        Assert.Equal("mxfp4 + bf16", model.CheckpointFormat!.Name);
    }

    [Theory]
    [InlineData("""{ "quant_method": "awq", "bits": 4, "group_size": 128, "version": "gemm" }""", "awq-4bit-128g")]
    [InlineData("""{ "quant_method": "gptq", "bits": 4, "group_size": 128, "desc_act": false, "sym": true }""", "gptq-4bit-128g")]
    [InlineData("""{ "quant_method": "gptq", "bits": 4, "group_size": -1 }""", "gptq-4bit-ungrouped")]
    [InlineData("""{ "quant_method": "bitsandbytes", "load_in_4bit": true, "bnb_4bit_use_double_quant": true }""", "nf4-dq")]
    [InlineData("""{ "load_in_8bit": true }""", "int8")]
    [InlineData("""{ "quant_method": "exl3", "bits": 4.0, "head_bits": 6, "version": "1.0" }""", "exl3 + bf16")]
    [InlineData("""{ "quant_method": "hqq", "quant_config": { "weight_quant_params": { "nbits": 4, "group_size": 64 } } }""",
        "hqq + bf16")]
    [InlineData("""{ "quant_method": "aqlm", "num_codebooks": 1, "nbits_per_codebook": 16, "in_group_size": 8 }""",
        "aqlm + bf16")]
    [InlineData("""{ "quant_method": "modelopt", "quant_algo": "NVFP4", "ignore": ["*self_attn*", "lm_head"] }""",
        "nvfp4 + bf16")]
    [InlineData("""{ "quantization": { "quant_algo": "FP8", "exclude_modules": ["lm_head"] } }""", "fp8 + bf16")]
    [InlineData("""
        { "quant_method": "modelopt", "quant_algo": "MIXED_PRECISION", "quantized_layers": {
          "model.layers.0.mlp.up_proj": { "quant_algo": "FP8" }, "model.layers.1.mlp": { "quant_algo": "NVFP4" } } }
        """, "bf16 + nvfp4 + fp8")]
    [InlineData("""{ "group_size": 64, "bits": 4, "lm_head": { "group_size": 32, "bits": 8 } }""", "mlx + bf16")]
    public void AMethodIsReadIntoAFormat(string quantization, string name)
    {
        ModelDefinition model = With(ModelCatalog.Find("llama-3.1-8b"), quantization);
        Assert.Equal(name, model.CheckpointFormat!.Name);
        Assert.Empty(model.NotUnderstood);
    }

    [Theory]
    [InlineData("""{ "quant_method": "magic" }""", "quant_method")]
    [InlineData("""{ "bits": 4 }""", "quant_method")]
    [InlineData("""{ "quant_method": "gptq", "bits": 4, "group_size": 0 }""", "group_size")]
    [InlineData("""{ "quant_method": "awq", "bits": 4, "group_size": -7 }""", "group_size")]
    [InlineData("""{ "quant_method": "awq", "bits": 64 }""", "bits")]
    [InlineData("""{ "quant_method": "fp8", "weight_block_size": [128, 0] }""", "weight_block_size")]
    [InlineData("""{ "quant_method": "compressed-tensors", "config_groups": { } }""", "config_groups")]
    [InlineData("""{ "quant_method": "compressed-tensors", "config_groups": { "a": "b", "b": "a" } }""", "config_groups.a")]
    [InlineData("""
        { "quant_method": "compressed-tensors", "config_groups": { "a": { "targets": [], "weights": { "num_bits": 4 } } } }
        """, "config_groups.a.targets")]
    [InlineData("""
        { "quant_method": "compressed-tensors", "config_groups": { "a": { "targets": ["foo"], "weights": { "num_bits": 4 } } } }
        """, "config_groups")]
    [InlineData("""{ "quant_method": "compressed-tensors", "config_groups": { }, "ignore": ["re:("] }""", "ignore[0]")]
    [InlineData("""{ "quant_method": "modelopt", "quant_algo": "NVFP4", "group_size": 128 }""", "group_size")]
    [InlineData("""{ "quant_method": "modelopt", "quant_algo": "MIXED_PRECISION" }""", "quantized_layers")]
    [InlineData("""{ "quant_method": "bitsandbytes" }""", "load_in_4bit")]
    [InlineData("""{ "quant_method": "exl3", "bits": 99 }""", "bits")]
    public void WhatCannotBeIsNamed(string quantization, string field)
    {
        ModelDefinition model = With(ModelCatalog.Find("llama-3.1-8b"), quantization);
        var error = Assert.Throws<DefinitionException>(() => model.CheckpointFormat);
        Assert.Equal("quantization_config." + field, error.Field);
        Assert.Equal(model.Name, error.File);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void WithoutAQuantizationTheTypeDecides()
    {
        Assert.Equal(WeightFormat.Fp16, Read("""{ "model_type": "llama", "torch_dtype": "float16" }""").CheckpointFormat);
        Assert.Equal(WeightFormat.Bf16, Read("""{ "model_type": "llama", "dtype": "torch.bfloat16" }""").CheckpointFormat);
        Assert.Null(Read("""{ "model_type": "llama" }""").CheckpointFormat);
    }

    private static ModelDefinition Read(string config) =>
        HuggingFaceConfig.Read(new MemoryStream(Encoding.UTF8.GetBytes(config)));

    private static ModelDefinition With(ModelDefinition model, string quantization)
    {
        ConfigValue value = HuggingFaceConfig.Read(new MemoryStream(Encoding.UTF8.GetBytes(
            $$"""{ "model_type": "llama", "quantization_config": {{quantization}} }"""))).Config["quantization_config"]!;
        return new(model.Name, model.Id,
            new([.. model.Config.Fields.Where(f => f.Name is not "quantization_config"), new("quantization_config", value)]));
    }
}
