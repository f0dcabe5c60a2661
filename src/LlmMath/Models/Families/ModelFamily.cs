using LlmMath.Architectures;
using LlmMath.Interchange;
using LlmMath.Models.Counting;

namespace LlmMath.Models.Families;

/// <summary>An architecture, the defaults that reading it took, and the fields that were asked for.</summary>
internal sealed record Description(Architecture Architecture, ValueList<AssumedDefault> Assumed, ReadFields Read);

/// <summary>From <c>model_type</c> to the family that reads the rest: the one list of the families known.</summary>
internal static class ModelFamily
{
    private static readonly Dictionary<string, Func<ConfigReader, Architecture>> s_decoders = new(StringComparer.Ordinal)
    {
        ["afmoe"] = Afmoe.Build,
        ["apertus"] = Apertus.Build,
        ["arcee"] = Arcee.Build,
        ["arctic"] = Arctic.Build,
        ["aria_text"] = Aria.BuildText,
        ["axk1"] = Axk.Build1,
        ["axk2"] = Axk.Build2,
        ["baichuan"] = Baichuan.Build,
        ["bailing_hybrid"] = BailingHybrid.Build,
        ["bailing_moe"] = BailingMoe.Build,
        ["bailing_moe_v2"] = BailingMoe.BuildV2,
        ["bamba"] = Bamba.Build,
        ["bart"] = c => Bart.Build(c, new("bart")),
        ["biogpt"] = BioGpt.Build,
        ["bitnet"] = BitNet.Build,
        ["blenderbot"] = c => Bart.Build(c, new("blenderbot")
        {
            Vocabulary = 8008,
            Hidden = 2560,
            Inner = 10240,
            Heads = 32,
            EncoderLayers = 2,
            DecoderLayers = 24,
            Positions = 128,
            UnreadPositions = 0,
            NormsEmbedding = false,
            NormsStacks = true,
        }),
        ["blenderbot-small"] = c => Bart.Build(c, new("blenderbot-small")
        {
            Hidden = 512,
            Inner = 2048,
            EncoderLayers = 8,
            DecoderLayers = 8,
            Positions = 512,
            UnreadPositions = 0,
        }),
        ["bloom"] = Bloom.Build,
        ["chatglm"] = ChatGlm.Build,
        ["codegen"] = c => Gptj.Build(c, "codegen"),
        ["cohere"] = Cohere.Build,
        ["cohere2"] = Cohere.BuildCohere2,
        ["cohere2_moe"] = Cohere2Moe.Build,
        ["cohere_compass_text"] = c => VisionText.Cohere2(c, "cohere_compass_text"),
        ["cpmant"] = CpmAnt.Build,
        ["ctrl"] = Ctrl.Build,
        ["cwm"] = Cwm.Build,
        ["dbrx"] = Dbrx.Build,
        ["deepseek"] = DeepSeek.Build,
        ["deepseek_v2"] = DeepSeek.BuildV2,
        ["deepseek_v3"] = DeepSeek.BuildV3,
        ["deepseek_v32"] = DeepSeek.BuildV32,
        ["deepseek_v4"] = DeepSeekV4.Build,
        ["deepseek_v41_text"] = DeepSeekV41.Build,
        ["diffllama"] = DiffLlama.Build,
        ["doge"] = Doge.Build,
        ["dots1"] = Dots1.Build,
        ["emu3_text_model"] = c => VisionText.Emu3(c, "emu3_text_model"),
        ["ernie4_5"] = Ernie.Build,
        ["ernie4_5_moe"] = Ernie.BuildMoe,
        ["ernie4_5_vl_moe_text"] = ErnieVision.Build,
        ["exaone"] = Exaone.Build,
        ["exaone4"] = Exaone4.Build,
        ["exaone4_5_text"] = c => Exaone4.Build(c) with { Family = "exaone4_5_text" },
        ["exaone_moe"] = ExaoneMoe.Build,
        ["falcon"] = c => Falcon.Build(c, "falcon"),
        ["falcon_h1"] = FalconH1.Build,
        ["falcon_mamba"] = Mamba.BuildFalcon,
        ["flex_olmo"] = Olmo.BuildFlex,
        ["gemma"] = Gemma.Build,
        ["gemma2"] = Gemma.BuildGemma2,
        ["gemma3_text"] = Gemma.BuildGemma3,
        ["gemma3n_text"] = Gemma3n.Build,
        ["gemma4_text"] = Gemma4.Build,
        ["gemma4_unified_text"] = c => VisionText.Gemma4(c, "gemma4_unified_text"),
        ["glm"] = Glm.Build,
        ["glm4"] = Glm.Build4,
        ["glm46v_text"] = c => VisionText.Glm4(c, "glm46v_text"),
        ["glm4_moe"] = GlmMoe.Build4,
        ["glm4_moe_lite"] = GlmMoe.Build4Lite,
        ["glm4v_moe_text"] = c => VisionText.Glm4Moe(c, "glm4v_moe_text"),
        ["glm4v_text"] = c => VisionText.Glm4(c, "glm4v_text"),
        ["glm5_next_text"] = Glm5Next.Build,
        ["glm_moe_dsa"] = GlmMoe.BuildDsa,
        ["gpt-sw3"] = c => Gpt2.Build(c) with { Family = "gpt-sw3" },
        ["gpt2"] = Gpt2.Build,
        ["gpt_bigcode"] = GptBigCode.Build,
        ["gpt_neo"] = GptNeo.Build,
        ["gpt_neox"] = GptNeoX.Build,
        ["gpt_neox_japanese"] = GptNeoXJapanese.Build,
        ["gpt_oss"] = GptOss.Build,
        ["gptj"] = c => Gptj.Build(c, "gptj"),
        ["granite"] = Granite.Build,
        ["granite_swa"] = GraniteSwa.Build,
        ["granitemoe"] = Granite.BuildMoe,
        ["granitemoe_swa"] = GraniteSwa.BuildMoe,
        ["granitemoehybrid"] = GraniteMoeHybrid.Build,
        ["granitemoeshared"] = Granite.BuildMoeShared,
        ["grok-1"] = Grok.Build,
        ["grove_moe"] = GroveMoe.Build,
        ["helium"] = Helium.Build,
        ["hrm_text"] = HrmText.Build,
        ["hunyuan_v1_dense"] = Hunyuan.Build,
        ["hunyuan_v1_moe"] = Hunyuan.BuildMoe,
        ["hunyuan_vl_text"] = c => VisionText.Hunyuan(c, "hunyuan_vl_text"),
        ["hyperclovax"] = HyperClovaX.Build,
        ["hy_v3"] = HyV3.Build,
        ["hy_v4"] = HyV4.Build,
        ["inkling_text"] = Inkling.Build,
        ["internlm2"] = InternLm.Build2,
        ["internlm3"] = InternLm.Build3,
        ["jais"] = Jais.Build,
        ["jais2"] = Jais2.Build,
        ["jamba"] = Jamba.Build,
        ["jetmoe"] = JetMoe.Build,
        ["k2_horizon"] = K2Horizon.Build,
        ["kimi_k2"] = DeepSeek.BuildKimiK2,
        ["kimi_linear"] = KimiLinear.Build,
        ["laguna"] = Laguna.Build,
        ["lfm2"] = Lfm2.Build,
        ["lfm2_moe"] = Lfm2.BuildMoe,
        ["llada2_moe"] = BailingMoe.BuildLlada2,
        ["llama"] = Llama.Build,
        ["llama4_text"] = Llama4.Build,
        ["longcat_flash"] = LongcatFlash.Build,
        ["mamba"] = Mamba.Build,
        ["mamba2"] = Mamba2.Build,
        ["marian"] = c => Bart.Build(c, new("marian") { UnreadPositions = null, NormsEmbedding = false }),
        ["mbart"] = c => Bart.Build(c, new("mbart") { NormsStacks = true }),
        ["mellum"] = Mellum.Build,
        ["mimo"] = Mimo.Build,
        ["mimo_v2"] = c => MimoV2Flash.Build(c, "mimo_v2"),
        ["mimo_v2_flash"] = c => MimoV2Flash.Build(c, "mimo_v2_flash"),
        ["minicpm"] = MiniCpm.Build,
        ["minicpm3"] = MiniCpm.Build3,
        ["minimax"] = c => MiniMax.Build(c, "minimax"),
        ["minimax_m1"] = c => MiniMax.Build(c, "minimax_m1"),
        ["minimax_m2"] = c => MiniMax.BuildM2(c, "minimax_m2"),
        ["minimax_m3"] = c => MiniMaxM3.Build(c, "minimax_m3"),
        ["minimax_m3_vl_text"] = c => MiniMaxM3.Build(c, "minimax_m3_vl_text"),
        ["minimax_text_01"] = c => MiniMax.Build(c, "minimax_text_01"),
        ["ministral"] = Mistral.BuildMinistral,
        ["ministral3"] = Mistral.BuildMinistral3,
        ["mistral"] = Mistral.Build,
        ["mistral4"] = Mistral4.Build,
        ["mixtral"] = Mixtral.Build,
        ["mllama_text_model"] = Mllama.BuildText,
        ["modernbert-decoder"] = ModernBertDecoder.Build,
        ["mpt"] = Mpt.Build,
        ["mt5"] = c => T5.Build(c, "mt5"),
        ["muse_glimmer_text"] = MuseGlimmer.Build,
        ["nanochat"] = NanoChat.Build,
        ["nemotron"] = Nemotron.Build,
        ["nemotron-nas"] = NemotronNas.Build,
        ["nemotron_h"] = NemotronH.Build,
        ["olmo"] = Olmo.Build,
        ["olmo2"] = Olmo.BuildOlmo2,
        ["olmo3"] = Olmo.BuildOlmo3,
        ["olmo_hybrid"] = OlmoHybrid.Build,
        ["olmoe"] = Olmo.BuildMoe,
        ["openai-gpt"] = OpenAiGpt.Build,
        ["openelm"] = OpenElm.Build,
        ["opt"] = Opt.Build,
        ["ouro"] = Ouro.Build,
        ["openpangu_dense"] = PanguEmbedded.Build,
        ["PanguEmbedded"] = PanguEmbedded.Build,
        ["pangu_embedded"] = PanguEmbedded.Build,
        ["pegasus"] = c => Bart.Build(c, new("pegasus") { UnreadPositions = null, NormsEmbedding = false, NormsStacks = true }),
        ["persimmon"] = Persimmon.Build,
        ["phi"] = Phi.Build,
        ["phi-msft"] = Phi.Build,
        ["phi3"] = Phi3.Build,
        ["phi3small"] = Phi3Small.Build,
        ["phi4_multimodal_text"] = c => VisionText.Phi4(c, "phi4_multimodal_text"),
        ["phi4mm_text"] = c => VisionText.Phi4WithAdapters(c, "phi4mm_text"),
        ["phimoe"] = PhiMoe.Build,
        ["plamo2"] = Plamo2.Build,
        ["plbart"] = c => Bart.Build(c, new("plbart")
        {
            Vocabulary = 50005,
            Hidden = 768,
            Inner = 3072,
            Heads = 12,
            EncoderLayers = 6,
            DecoderLayers = 6,
        }),
        ["qwen"] = Qwen.Build,
        ["qwen2"] = Qwen2.Build,
        ["qwen2_5_vl_text"] = c => VisionText.Qwen2(c, "qwen2_5_vl_text"),
        ["qwen2_moe"] = QwenMoe.BuildQwen2,
        ["qwen2_vl_text"] = c => VisionText.Qwen2(c, "qwen2_vl_text"),
        ["qwen3"] = Qwen3.Build,
        ["qwen3_5_moe_text"] = Qwen3Next.BuildQwen35Moe,
        ["qwen3_5_text"] = Qwen3Next.BuildQwen35,
        ["qwen3_moe"] = QwenMoe.BuildQwen3,
        ["qwen3_next"] = Qwen3Next.Build,
        ["qwen3_omni_moe_text"] = c =>
            QwenMoe.OfQwen3(c, "qwen3_omni_moe_text", moe => moe.PerExpert("mlp.experts.{expert}.")),
        ["qwen3_vl_moe_text"] = c => VisionText.Qwen3Moe(c, "qwen3_vl_moe_text"),
        ["qwen3_vl_text"] = c => VisionText.Qwen3(c, "qwen3_vl_text"),
        ["recurrent_gemma"] = RecurrentGemma.Build,
        ["RefinedWeb"] = c => Falcon.Build(c, "RefinedWeb"),
        ["RefinedWebModel"] = c => Falcon.Build(c, "RefinedWebModel"),
        ["rwkv"] = Rwkv.Build,
        ["rwkv7"] = Rwkv7.Build,
        ["seed_oss"] = SeedOss.Build,
        ["smallthinker"] = SmallThinker.Build,
        ["smollm3"] = SmolLm3.Build,
        ["solar_open"] = SolarOpen.Build,
        ["solar_open2"] = SolarOpen2.Build,
        ["stablelm"] = StableLm.Build,
        ["stablelm_epoch"] = StableLm.BuildEpoch,
        ["starcoder2"] = Starcoder2.Build,
        ["step3p5"] = Step3.Build,
        ["t5"] = c => T5.Build(c, "t5"),
        ["telechat3"] = TeleChat3.Build,
        ["umt5"] = c => T5.Build(c, "umt5"),
        ["vaultgemma"] = VaultGemma.Build,
        ["xglm"] = Xglm.Build,
        ["xlstm"] = XLstm.Build,
        ["youtu"] = Youtu.Build,
        ["zamba"] = Zamba.Build,
        ["zamba2"] = Zamba2.Build,
        ["zaya"] = Zaya.Build,
    };

    /// <summary>Every <c>model_type</c> known, decoders and the wrappers around them, in alphabetical order.</summary>
    public static string[] Known { get; } =
        [.. s_decoders.Keys.Concat(Wrapper.Known).OrderBy(name => name, StringComparer.OrdinalIgnoreCase)];

    /// <summary>Describes a config: its family's architecture, complete and within the range of a count.</summary>
    /// <exception cref="DefinitionException">The family is unknown, a field missing or wrong, or the model too large.</exception>
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

            foreach (SequenceMixer mixer in architecture.Blocks.SelectMany(block => block.Mixers))
            {
                _ = mixer.Cache;
            }

            return new Description(architecture, [.. reader.Assumed.Distinct()], reader.Read);
        }
        catch (Exception error) when (error is OverflowException or EstimateException or ArgumentOutOfRangeException)
        {
            throw new DefinitionException(DefinitionFault.TooLarge, "",
                "has dimensions that multiply beyond 2^63 - 1 parameters; a size is too large.", error);
        }
    }

    /// <summary>The architecture that a config's <c>model_type</c> makes of its other fields.</summary>
    public static Architecture Build(ConfigReader config)
    {
        const string field = "model_type";
        string family = config.Text(field) ?? throw config.Missing(field, $"one of {string.Join(", ", Known)}");
        return s_decoders.TryGetValue(family, out Func<ConfigReader, Architecture>? build) ? build(NotWrapped(config, family))
            : Wrapper.Known.Contains(family) ? Wrapper.Build(config, family)
            : throw new DefinitionException(DefinitionFault.UnknownFamily, config.Path(field),
                RefusedFamilies.Reason(family) is { } reason
                    ? $"{(ConfigValue)family} is not counted: it {reason}."
                    : $"{(ConfigValue)family} is not a known family. Known: {string.Join(", ", Known)}.");
    }

    /// <summary>The decoder of a multimodal wrapper under its own family's names, without the prefix that the wrapper puts before
    /// them; null for a config that is no wrapper's.</summary>
    public static Architecture? Unwrapped(ModelConfig config) =>
        config["model_type"]?.Text is { } family && Wrapper.Known.Contains(family)
            ? Wrapper.Decoder(new ConfigReader(config), family)
            : null;

    // A decoder's model_type over a wrapper's layout would count the reference's defaults: another model, without a word.
    private static ConfigReader NotWrapped(ConfigReader config, string family) =>
        config.Has("text_config") && !config.Has("hidden_size") && !config.Has("d_model") && !config.Has("n_embd")
            ? throw config.Invalid("model_type", $"names a decoder, {family}, but the sizes stand under text_config: "
                + $"the multimodal model's own model_type is needed. Known: {string.Join(", ", Wrapper.Known)}.")
            : config;
}
