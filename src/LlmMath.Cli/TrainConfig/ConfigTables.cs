namespace LlmMath.Cli.TrainConfig;

/// <summary>Words of other programs for what options say.</summary>
internal static class ConfigTables
{
    /// <summary>Optimizers by their names in Transformers and axolotl. Source: huggingface/transformers@00349ae87,
    /// src/transformers/training_args.py, OptimizerNames; axolotl-ai-cloud/axolotl@067b021c8,
    /// src/axolotl/utils/schemas/enums.py, CustomSupportedOptimizers; deepspeedai/DeepSpeed@edaa72212,
    /// deepspeed/runtime/config.py.</summary>
    public static IReadOnlyDictionary<string, string> Optimizers { get; } = new Dictionary<string, string>
    {
        ["adamw_torch"] = "adamw", ["adamw_torch_fused"] = "adamw", ["adamw_hf"] = "adamw", ["adamw_apex_fused"] = "adamw",
        ["adamw"] = "adamw", ["adam"] = "adamw", ["optimi_adamw"] = "adamw", ["paged_adamw_32bit"] = "adamw",
        ["adamw_8bit"] = "adamw-8bit", ["adamw_bnb_8bit"] = "adamw-8bit", ["ao_adamw_8bit"] = "adamw-8bit",
        ["paged_adamw_8bit"] = "paged-adamw-8bit", ["adafactor"] = "adafactor", ["lion"] = "lion", ["lion_32bit"] = "lion",
        ["paged_lion_32bit"] = "lion", ["sgd"] = "sgd", ["muon"] = "muon",
    };

    /// <summary>Kernels of attention. Source: axolotl's enums.py as above, CANONICAL_ATTN_IMPLS; hiyouga/LLaMA-Factory@ff6d4d12e,
    /// src/llamafactory/extras/constants.py, AttentionFunction.</summary>
    public static IReadOnlyDictionary<string, string> Attention { get; } = new Dictionary<string, string>
    {
        ["flash_attention_2"] = "flash", ["flash_attention_3"] = "flash", ["sdpa"] = "flash", ["flex_attention"] = "flash",
        ["xformers"] = "flash", ["sage"] = "flash", ["eager"] = "eager", ["fa2"] = "flash", ["fa3"] = "flash",
        ["auto"] = "flash", ["disabled"] = "eager",
    };
}
