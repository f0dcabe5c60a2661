using LlmMath.Architectures;

namespace LlmMath.Models.Families;

/// <summary>
/// Multimodal models: a decoder of another family beside towers for images or sound. The decoder is counted, under the names
/// that the wrapper's checkpoints give its tensors; the towers are named in <see cref="Architecture.NotCounted"/>.
/// Source: huggingface/transformers, src/transformers/models/x/configuration_x.py, by wrapper x and commit: aya_vision
/// 0e97420c9957, cohere2_vision 0d7e95d96b4e, gemma3 008f5c8c29be, gemma3n 018548097621, gemma4, glm4v_moe, llama4, qwen3_5_moe
/// and qwen3_vl_moe 008e57439125, glm4v 05cd1ec14dbe, idefics3 0025a6f5085c, internvl 04ea98d573ce, kimi_k25 059101b2faba,
/// llava 053f59efe493, llava_next 063b32f6798e, mistral3 0db25542f219, mllama 032b32abfb07, paligemma 04d596e68f3d, qwen2_vl
/// and qwen2_5_vl 018c8e0394c4, qwen3_vl 000c33fdfde1, smolvlm 0be0e2a34a8f; its conversion_mapping.py and ml-explore/mlx-lm,
/// commit d78bf58e217c, for the names; OpenGVLab/InternVL, configuration_internvl_chat.py, commit 016ae21f18db;
/// aria 008e57439125, cohere_compass 033b1a82d589, emu3 008f5c8c29be, ernie4_5_vl_moe 020a37d2264e, exaone4_5 0117d5f78564, fuyu
/// 053f59efe493, gemma4_unified 008e57439125, glm46v 0428a860bd2c, got_ocr2 0178c681a48a, phi4_multimodal 008e57439125;
/// vllm-project/vllm, vllm/transformers_utils/configs/deepseek_vl2.py, commit b91ee1b47c8e, and kimi_vl.py, commit 4487edc6ca18;
/// NVIDIA-NeMo/Automodel, nemo_automodel/components/models/deepseek_v41/config.py, commit 014468d5fd0b, and kimi_k3,
/// minimax_m3_vl, muse_glimmer and step3p7, commit 36044ad3d139; Blaizzy/mlx-vlm, mlx_vlm/models/qwen3_omni_moe and inkling,
/// commit 9b13f522a7f1, and glm5_next, commit 08cbcf782691.
/// </summary>
internal static class Wrapper
{
    // What stands for the decoder's "model." in the wrapper's names, and what stands before all its other names.
    private static readonly Prefix Around = new("language_model.model.", "language_model.");
    private static readonly Prefix Inside = new("model.language_model.", "");
    private static readonly Prefix InsideText = new("model.text_model.", "");
    private static readonly Prefix AroundText = new("text_model.model.", "text_model.");
    private static readonly Prefix AroundLanguage = new("language.model.", "language.");
    private static readonly Prefix Thinker = new("thinker.model.", "thinker.");
    private static readonly Prefix None = new("model.", "");

    private static readonly Kind[] Kinds =
    [
        new("aria", "aria_text", Around, Tied: false),
        new("aya_vision", "llama", Around, Tied: true),
        new("cohere_compass", "cohere_compass_text", Inside, Tied: true),
        new("cohere2_vision", "cohere2", Inside, Tied: true),
        new("deepseek_v41", "deepseek_v41_text", None, Tied: false),
        new("deepseek_vl_v2", "deepseek_v2", AroundLanguage, Section: "language_config"),
        new("emu3", "emu3_text_model", AroundText, Tied: false),
        new("ernie4_5_vl_moe", "ernie4_5_vl_moe_text", Inside, Tied: true),
        new("exaone4_5", "exaone4", Inside, Tied: false),
        new("fuyu", "persimmon", Around, Tied: false, IsFlat: true),
        new("gemma3", "gemma3_text", Around),
        new("gemma3n", "gemma3n_text", Inside),
        new("gemma4", "gemma4_text", Inside),
        new("gemma4_unified", "gemma4_unified_text", Inside),
        new("glm46v", "glm46v_text", Inside, Tied: false),
        new("glm4v", "glm4v_text", Inside, IsFlat: true),
        new("glm4v_moe", "glm4v_moe_text", Inside, IsFlat: true),
        new("glm5_next", "glm5_next_text", Inside, Tied: false),
        new("got_ocr2", "qwen2", Around),
        new("hunyuan_vl", "hunyuan_vl_text", None, IsFlat: true),
        new("idefics3", "llama", InsideText),
        new("inkling_mm_model", "inkling_text", None, Tied: false),
        new("internvl", "qwen2", Around, Tied: true),
        new("internvl_chat", null, Around, Section: "llm_config"),
        new("kimi_k25", "deepseek_v3", Around, Tied: false),
        new("kimi_k3", "kimi_linear", Around, Tied: false),
        new("kimi_vl", "deepseek_v3", Around, Tied: false),
        new("llama4", "llama4_text", Around),
        new("llava", "llama", Around, Tied: false),
        new("llava_next", "llama", Around),
        new("minimax_m3_vl", "minimax_m3_vl_text", Around, Tied: false),
        new("mistral3", "mistral", Around, Tied: false),
        new("mllama", "mllama_text_model", Around),
        new("muse_glimmer", "muse_glimmer_text", Inside),
        new("paligemma", "gemma", Around),
        new("phi4_multimodal", "phi4_multimodal_text", None, IsFlat: true),
        new("phi4mm", "phi4mm_text", None, IsFlat: true),
        new("qwen2_5_vl", "qwen2_5_vl_text", None, IsFlat: true),
        new("qwen2_vl", "qwen2_vl_text", None, IsFlat: true),
        new("qwen3_5", "qwen3_5_text", Inside, Tied: false),
        new("qwen3_5_moe", "qwen3_5_moe_text", Inside, Tied: false),
        new("qwen3_omni_moe", "qwen3_omni_moe_text", Thinker, Outer: "thinker_config"),
        new("qwen3_vl", "qwen3_vl_text", Inside, Tied: false),
        new("qwen3_vl_moe", "qwen3_vl_moe_text", Inside, Tied: false),
        new("smolvlm", "llama", InsideText, Tied: false),
        new("step3p7", "step3p5", None, Tied: false),
    ];

    // Parts under names of a wrapper's own: Emu 3's image tokens, Fuyu's patches, Phi-4-multimodal's towers and adapters.
    private static readonly (string Field, PartKind Kind, string Text)[] Others =
    [
        ("vq_config", PartKind.Vision, "image tokenizer"),
        ("patch_size", PartKind.Projector, "projection of image patches"),
        ("mtp_config", PartKind.MultiTokenPrediction, "multi-token prediction"),
        ("img_processor", PartKind.Vision, "vision tower"),
        ("audio_processor", PartKind.Audio, "audio tower"),
        ("vision_lora", PartKind.Other, "LoRA for images"),
        ("speech_lora", PartKind.Other, "LoRA for speech"),
    ];

    /// <summary>The wrappers' <c>model_type</c>s, in alphabetical order.</summary>
    public static readonly string[] Known = [.. Kinds.Select(kind => kind.ModelType)];

    public static Architecture Build(ConfigReader c, string modelType)
    {
        Kind kind = Kinds.First(k => k.ModelType == modelType);
        c = Holder(c, kind);
        Architecture decoder = Decoder(c, kind);
        return decoder with
        {
            Inputs = kind.Prefix.Put(decoder.Inputs),
            Blocks = [.. decoder.Blocks.Select(block => block with { Tensors = kind.Prefix.Put(block.Tensors) })],
            Outputs = kind.Prefix.Put(decoder.Outputs),
            Additions = [.. decoder.Additions.Select(addition => addition with { Tensors = kind.Prefix.Put(addition.Tensors) })],
            NotCounted = [.. decoder.NotCounted, .. Towers(c)],
        };
    }

    /// <summary>The decoder alone, under its own family's names: what a checkpoint without the towers holds.</summary>
    public static Architecture Decoder(ConfigReader c, string modelType)
    {
        Kind kind = Kinds.First(k => k.ModelType == modelType);
        return Decoder(Holder(c, kind), kind);
    }

    // Where the wrapper has a part that speaks as well, decoder and towers stand in the part that thinks.
    private static ConfigReader Holder(ConfigReader c, Kind kind) => kind.Outer is not { } outer ? c
        : c.Section(outer) ?? throw c.Missing(outer, $"the object with {kind.Section}");

    private static Architecture Decoder(ConfigReader c, Kind kind)
    {
        ConfigReader section = WithTie(c, DecoderSection(c, kind), kind);
        string family = section.Text("model_type")
            ?? throw section.Missing("model_type", "the decoder's model_type");
        return Known.Contains(family)
            ? throw section.Invalid("model_type", $"must be a decoder's; \"{family}\" is a multimodal wrapper itself.")
            : ModelFamily.Build(section) with { Family = family };
    }

    // Older configs of some wrappers have no section: the decoder's fields stand beside vision_config.
    private static ConfigReader DecoderSection(ConfigReader c, Kind kind)
    {
        if (c.Section(kind.Section) is { } section)
        {
            section = kind.Decoder is { } decoder ? section.Default("model_type", decoder) : section;
            // HunyuanOCR's section bears the wrapper's name.
            section = section.Text("model_type") == kind.ModelType ? section.With("model_type", kind.Decoder!) : section;
            // DeepSeek-VL2-Tiny says deepseek_v2 and switches its latent attention off, which leaves DeepSeek's first decoder.
            return section.Text("model_type") == "deepseek_v2" && !section.Flag("use_mla", true)
                ? section.With("model_type", "deepseek")
                    .Idle("q_lora_rank", "kv_lora_rank", "qk_nope_head_dim", "qk_rope_head_dim", "v_head_dim")
                    .Fixed("lm_head", true).Fixed("rm_head", false)
                : section;
        }

        return kind.IsFlat
            ? c.With("model_type", kind.Decoder!)
            : throw c.Missing(kind.Section, "the object with the decoder's fields");
    }

    // The section's own word comes first, then the word at top level, then the wrapper's default.
    private static ConfigReader WithTie(ConfigReader c, ConfigReader section, Kind kind)
    {
        const string field = "tie_word_embeddings";
        c.Idle(field, "vocab_size").Fixed("num_reward_heads", 0);
        return section.Has(field) ? section
            : c.Has(field) ? section.With(field, c.Flag(field, false))
            : kind.Tied is { } tied ? section.Default(field, tied)
            : section;
    }

    /// <summary>The towers that a config names beside a decoder.</summary>
    public static IEnumerable<UncountedPart> Towers(ConfigReader c)
    {
        bool sees = c.Has("vision_config"), hears = c.Has("audio_config");
        if (sees)
        {
            yield return new(PartKind.Vision, "vision tower (vision_config)");
        }

        foreach ((string field, PartKind part, string text) in Others)
        {
            if (c.Has(field))
            {
                yield return new(part, $"{text} ({field})");
            }
        }

        if (hears)
        {
            yield return new(PartKind.Audio, "audio tower (audio_config)");
        }

        if (sees || hears)
        {
            yield return new(PartKind.Projector, "projector");
        }
    }

    /// <summary>A wrapper.</summary>
    /// <param name="ModelType">Its <c>model_type</c>.</param>
    /// <param name="Decoder">The decoder's where its section does not say; null where it must.</param>
    /// <param name="Prefix">Where the decoder's tensors stand.</param>
    /// <param name="Tied">Whether the head is tied where the config does not say; null for the decoder's own default.</param>
    /// <param name="IsFlat">Whether the decoder's fields may stand at top level.</param>
    /// <param name="Section">The field with the decoder's config.</param>
    /// <param name="Outer">The field with the object that this section stands in; null where it stands at top level.</param>
    private sealed record Kind(string ModelType, string? Decoder, Prefix Prefix, bool? Tied = null, bool IsFlat = false,
        string Section = "text_config", string? Outer = null);

    private sealed record Prefix(string Model, string Others)
    {
        public ValueList<Tensor> Put(ValueList<Tensor> tensors) => [.. tensors.Select(tensor => tensor with
        {
            Name = Put(tensor.Name),
            TiedTo = tensor.TiedTo is { } tied ? Put(tied) : null,
        })];

        private string Put(string name)
        {
            const string model = "model.";
            return name.StartsWith(model, StringComparison.Ordinal) ? Model + name.Substring(model.Length) : Others + name;
        }
    }
}
