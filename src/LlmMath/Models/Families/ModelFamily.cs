namespace LlmMath.Families;

/// <summary>An architecture, and the defaults that reading it took.</summary>
internal sealed record Description(Architecture Architecture, ValueList<AssumedDefault> Assumed);

/// <summary>From <c>model_type</c> to the family that reads the rest: the one list of the families known.</summary>
internal static class ModelFamily
{
    /// <summary>Describes a config: its family's architecture, complete and within the range of a count.</summary>
    /// <exception cref="DefinitionException">The family is unknown, a field is missing or out of range, or the model is too large to
    /// count in 64 bits.</exception>
    public static Description Describe(ModelConfig config)
    {
        var reader = new ConfigReader(config);
        try
        {
            Architecture architecture = Build(reader);
            ParameterFold.Sum(architecture, CountingConvention.HandEstimate);
            ParameterFold.Sum(architecture, CountingConvention.Checkpoint);
            foreach (Addition addition in architecture.Additions)
            {
                _ = addition.Parameters;
            }

            return new Description(architecture, [.. reader.Assumed.Distinct()]);
        }
        catch (OverflowException error)
        {
            throw new DefinitionException(DefinitionFault.TooLarge, "", "the dimensions multiply beyond 2^63 - 1 parameters; a size is too large.", error);
        }
    }

    public static Architecture Build(ConfigReader config) => config.Text("model_type") switch
    {
        "afmoe" => Afmoe.Build(config),
        "apertus" => Apertus.Build(config),
        "arcee" => Arcee.Build(config),
        "baichuan" => Baichuan.Build(config),
        "bailing_moe" => BailingMoe.Build(config),
        "bailing_moe_v2" => BailingMoe.BuildV2(config),
        "bamba" => Bamba.Build(config),
        "biogpt" => BioGpt.Build(config),
        "bitnet" => BitNet.Build(config),
        "bloom" => Bloom.Build(config),
        "chatglm" => ChatGlm.Build(config),
        "codegen" => Gptj.Build(config, "codegen"),
        "cohere" => Cohere.Build(config),
        "cohere2" => Cohere.BuildCohere2(config),
        "dbrx" => Dbrx.Build(config),
        "deepseek" => DeepSeek.Build(config),
        "deepseek_v2" => DeepSeek.BuildV2(config),
        "deepseek_v3" => DeepSeek.BuildV3(config),
        "deepseek_v32" => DeepSeek.BuildV32(config),
        "dots1" => Dots1.Build(config),
        "ernie4_5" => Ernie.Build(config),
        "ernie4_5_moe" => Ernie.BuildMoe(config),
        "exaone" => Exaone.Build(config),
        "exaone4" => Exaone4.Build(config),
        "exaone_moe" => ExaoneMoe.Build(config),
        "falcon" => Falcon.Build(config, "falcon"),
        "falcon_h1" => FalconH1.Build(config),
        "falcon_mamba" => Mamba.BuildFalcon(config),
        "flex_olmo" => Olmo.BuildFlex(config),
        "gemma" => Gemma.Build(config),
        "gemma2" => Gemma.BuildGemma2(config),
        "gemma3_text" => Gemma.BuildGemma3(config),
        "gemma3n_text" => Gemma3n.Build(config),
        "gemma4_text" => Gemma4.Build(config),
        "glm" => Glm.Build(config),
        "glm4" => Glm.Build4(config),
        "glm4_moe" => GlmMoe.Build4(config),
        "glm4_moe_lite" => GlmMoe.Build4Lite(config),
        "glm4v_moe_text" => VisionText.Glm4Moe(config, "glm4v_moe_text"),
        "glm4v_text" => VisionText.Glm4(config, "glm4v_text"),
        "glm_moe_dsa" => GlmMoe.BuildDsa(config),
        "gpt2" => Gpt2.Build(config),
        "gpt_bigcode" => GptBigCode.Build(config),
        "gpt_neo" => GptNeo.Build(config),
        "gpt_neox" => GptNeoX.Build(config),
        "gpt_oss" => GptOss.Build(config),
        "gptj" => Gptj.Build(config, "gptj"),
        "granite" => Granite.Build(config),
        "granitemoe" => Granite.BuildMoe(config),
        "granitemoehybrid" => GraniteMoeHybrid.Build(config),
        "granitemoeshared" => Granite.BuildMoeShared(config),
        "grok-1" => Grok.Build(config),
        "helium" => Helium.Build(config),
        "hunyuan_v1_dense" => Hunyuan.Build(config),
        "hunyuan_v1_moe" => Hunyuan.BuildMoe(config),
        "internlm2" => InternLm.Build2(config),
        "internlm3" => InternLm.Build3(config),
        "jais" => Jais.Build(config),
        "jamba" => Jamba.Build(config),
        "kimi_k2" => DeepSeek.BuildKimiK2(config),
        "kimi_linear" => KimiLinear.Build(config),
        "lfm2" => Lfm2.Build(config),
        "lfm2_moe" => Lfm2.BuildMoe(config),
        "llama" => Llama.Build(config),
        "llama4_text" => Llama4.Build(config),
        "longcat_flash" => LongcatFlash.Build(config),
        "mamba" => Mamba.Build(config),
        "mamba2" => Mamba2.Build(config),
        "mimo" => Mimo.Build(config),
        "mimo_v2_flash" => MimoV2Flash.Build(config),
        "minicpm" => MiniCpm.Build(config),
        "minicpm3" => MiniCpm.Build3(config),
        "minimax" => MiniMax.Build(config, "minimax"),
        "minimax_m1" => MiniMax.Build(config, "minimax_m1"),
        "minimax_m2" => MiniMax.BuildM2(config, "minimax_m2"),
        "minimax_text_01" => MiniMax.Build(config, "minimax_text_01"),
        "ministral" => Mistral.BuildMinistral(config),
        "ministral3" => Mistral.BuildMinistral3(config),
        "mistral" => Mistral.Build(config),
        "mixtral" => Mixtral.Build(config),
        "mllama_text_model" => Mllama.BuildText(config),
        "mpt" => Mpt.Build(config),
        "mt5" => T5.Build(config, "mt5"),
        "nemotron" => Nemotron.Build(config),
        "nemotron-nas" => NemotronNas.Build(config),
        "nemotron_h" => NemotronH.Build(config),
        "olmo" => Olmo.Build(config),
        "olmo2" => Olmo.BuildOlmo2(config),
        "olmo3" => Olmo.BuildOlmo3(config),
        "olmoe" => Olmo.BuildMoe(config),
        "opt" => Opt.Build(config),
        "persimmon" => Persimmon.Build(config),
        "phi" => Phi.Build(config),
        "phi3" => Phi3.Build(config),
        "phi3small" => Phi3Small.Build(config),
        "phimoe" => PhiMoe.Build(config),
        "qwen" => Qwen.Build(config),
        "qwen2" => Qwen2.Build(config),
        "qwen2_5_vl_text" => VisionText.Qwen2(config, "qwen2_5_vl_text"),
        "qwen2_moe" => QwenMoe.BuildQwen2(config),
        "qwen2_vl_text" => VisionText.Qwen2(config, "qwen2_vl_text"),
        "qwen3" => Qwen3.Build(config),
        "qwen3_5_moe_text" => Qwen3Next.BuildQwen35Moe(config),
        "qwen3_5_text" => Qwen3Next.BuildQwen35(config),
        "qwen3_moe" => QwenMoe.BuildQwen3(config),
        "qwen3_next" => Qwen3Next.Build(config),
        "qwen3_vl_moe_text" => VisionText.Qwen3Moe(config, "qwen3_vl_moe_text"),
        "qwen3_vl_text" => VisionText.Qwen3(config, "qwen3_vl_text"),
        "recurrent_gemma" => RecurrentGemma.Build(config),
        "RefinedWeb" => Falcon.Build(config, "RefinedWeb"),
        "RefinedWebModel" => Falcon.Build(config, "RefinedWebModel"),
        "rwkv" => Rwkv.Build(config),
        "seed_oss" => SeedOss.Build(config),
        "smollm3" => SmolLm3.Build(config),
        "stablelm" => StableLm.Build(config),
        "stablelm_epoch" => StableLm.BuildEpoch(config),
        "starcoder2" => Starcoder2.Build(config),
        "t5" => T5.Build(config, "t5"),
        "umt5" => T5.Build(config, "umt5"),
        "vaultgemma" => VaultGemma.Build(config),
        "xglm" => Xglm.Build(config),
        "zamba2" => Zamba2.Build(config),
        { } wrapper when Wrapper.Known.Contains(wrapper) => Wrapper.Build(config, wrapper),
        null => throw new DefinitionException(DefinitionFault.MissingField, config.Path("model_type"), $"is missing: one of {string.Join(", ", Known)}."),
        { } unknown => throw new DefinitionException(DefinitionFault.UnknownFamily, config.Path("model_type"),
            $"\"{unknown}\" is not a known family. Known: {string.Join(", ", Known)}."),
    };

    private static readonly string[] s_decoders =
    [
        "afmoe", "apertus", "arcee", "baichuan", "bailing_moe", "bailing_moe_v2", "bamba", "biogpt", "bitnet", "bloom",
        "chatglm", "codegen", "cohere", "cohere2", "dbrx", "deepseek", "deepseek_v2", "deepseek_v3", "deepseek_v32", "dots1",
        "ernie4_5", "ernie4_5_moe", "exaone", "exaone4", "exaone_moe", "falcon", "falcon_h1", "falcon_mamba", "flex_olmo",
        "gemma", "gemma2", "gemma3_text", "gemma3n_text", "gemma4_text", "glm", "glm4", "glm4_moe", "glm4_moe_lite",
        "glm4v_moe_text", "glm4v_text", "glm_moe_dsa", "gpt2", "gpt_bigcode", "gpt_neo", "gpt_neox", "gpt_oss", "gptj",
        "granite", "granitemoe", "granitemoehybrid", "granitemoeshared", "grok-1", "helium", "hunyuan_v1_dense",
        "hunyuan_v1_moe", "internlm2", "internlm3", "jais", "jamba", "kimi_k2", "kimi_linear", "lfm2", "lfm2_moe", "llama",
        "llama4_text", "longcat_flash", "mamba", "mamba2", "mimo", "mimo_v2_flash", "minicpm", "minicpm3", "minimax",
        "minimax_m1", "minimax_m2", "minimax_text_01", "ministral", "ministral3", "mistral", "mixtral", "mllama_text_model",
        "mpt", "mt5", "nemotron", "nemotron-nas", "nemotron_h", "olmo", "olmo2", "olmo3", "olmoe", "opt", "persimmon", "phi",
        "phi3", "phi3small", "phimoe", "qwen", "qwen2", "qwen2_5_vl_text", "qwen2_moe", "qwen2_vl_text", "qwen3",
        "qwen3_5_moe_text", "qwen3_5_text", "qwen3_moe", "qwen3_next", "qwen3_vl_moe_text", "qwen3_vl_text",
        "recurrent_gemma", "RefinedWeb", "RefinedWebModel", "rwkv", "seed_oss", "smollm3", "stablelm", "stablelm_epoch",
        "starcoder2", "t5", "umt5", "vaultgemma", "xglm", "zamba2",
    ];

    /// <summary>Every <c>model_type</c> that <see cref="Build"/> knows, decoders and wrappers, in alphabetical order.</summary>
    public static string[] Known { get; } = [.. s_decoders.Concat(Wrapper.Known).OrderBy(name => name, StringComparer.OrdinalIgnoreCase)];
}
