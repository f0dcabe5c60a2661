using LlmMath.Architectures;
using LlmMath.Formats;
using LlmMath.Interchange;
using LlmMath.Models.Families;

namespace LlmMath.Models.Quantization;

/// <summary>Methods that quantize the weights of linear layers alone.</summary>
internal static class WeightOnlyMethods
{
    private const string Bits = "bits", GroupField = "group_size";

    /// <summary>AWQ: 4 bits in words, all linear layers but those listed.</summary>
    public static QuantizationScheme Awq(ConfigReader c, QuantizedModel model)
    {
        _ = model;
        c.Idle("backend", "do_fuse", "exllama_config", "fuse_max_seq_len", "modules_to_fuse", "version", "zero_point");
        var skipped = ModulePatterns.Read(c, "modules_to_not_convert");
        (int bits, int? group) = (BitsOf(c, Bits), GroupSize(c, GroupField));
        TensorEncoding encoding = QuantizedEncodings.Words("awq", bits, group);
        return new(c.Path("quant_method"), ProductFormat.Half,
            module => module.IsLinear && !skipped.Match(module.Name) ? encoding : null)
        {
            Tried = skipped.Tried,
            Named = bits == 4 && group == 128 && !c.Has("modules_to_not_convert") ? WeightFormat.Awq4Bit128G : null,
        };
    }

    /// <summary>GPTQ: words, and the group of each input; the head where it says so; other bits by pattern
    /// (<c>dynamic</c>).</summary>
    public static QuantizationScheme Gptq(ConfigReader c, QuantizedModel model)
    {
        _ = model;
        c.Idle("backend", "batch_size", "block_name_to_quantize", "cache_block_outputs", "checkpoint_format", "damp_percent",
            "dataset", "desc_act", "disable_exllama", "exllama_config", "is_marlin_format", "max_input_length", "meta",
            "modules_in_block_to_quantize",
            "model_file_base_name", "model_name_or_path", "model_seqlen", "module_name_preceding_first_block", "pack_dtype",
            "pad_token_id", "static_groups", "sym", "tokenizer", "true_sequential", "use_cuda_fp16", "use_exllama");
        var skipped = ModulePatterns.Read(c, "modules_to_not_convert");
        (int bits, int? group) = (BitsOf(c, Bits), GroupSize(c, GroupField));
        bool head = c.Flag("lm_head", false);
        (ModulePatterns Modules, TensorEncoding? Encoding)[] others = [.. Dynamic(c, bits, group)];
        TensorEncoding encoding = QuantizedEncodings.Words("gptq", bits, group);
        bool simple = others.Length == 0 && !head && !c.Has("modules_to_not_convert");
        return new(c.Path("quant_method"), ProductFormat.Half, module =>
        {
            if (!(module.IsLinear || (head && module.Tensor.Kind == MatrixKind.Head)) || skipped.Match(module.Name))
            {
                return null;
            }

            foreach ((ModulePatterns modules, TensorEncoding? own) in others)
            {
                if (modules.Match(module.Name))
                {
                    return own;
                }
            }

            return encoding;
        })
        {
            Tried = skipped.Tried + others.Sum(other => other.Modules.Tried),
            Named = !simple ? null : (bits, group) switch
            {
                (4, 128) => WeightFormat.Gptq4Bit128G,
                (4, 32) => WeightFormat.Find("gptq-4bit-32g"),
                (4, null) => WeightFormat.Find("gptq-4bit-ungrouped"),
                (8, 128) => WeightFormat.Find("gptq-8bit-128g"),
                _ => null,
            },
        };
    }

    /// <summary>bitsandbytes: NF4 or FP4 in blocks of 64, or LLM.int8; the head stays.</summary>
    public static QuantizationScheme BitsAndBytes(ConfigReader c, QuantizedModel model)
    {
        _ = model;
        c.Idle("_load_in_4bit", "_load_in_8bit", "bnb_4bit_compute_dtype", "bnb_4bit_quant_storage",
            "llm_int8_enable_fp32_cpu_offload", "llm_int8_has_fp16_weight", "llm_int8_threshold");
        var skipped = ModulePatterns.Read(c, "llm_int8_skip_modules");
        bool four = c.Flag("load_in_4bit", false), eight = c.Flag("load_in_8bit", false);
        if (four == eight)
        {
            throw c.Invalid("load_in_4bit", $"and load_in_8bit: one of them must be true; both are {(four ? "true" : "false")}.");
        }

        string kind = c.Text("bnb_4bit_quant_type", "nf4");
        if (four && kind is not ("nf4" or "fp4"))
        {
            throw c.Invalid("bnb_4bit_quant_type", $"must be \"nf4\" or \"fp4\"; it is {(ConfigValue)kind}.");
        }

        LinearWeights format = eight ? LinearWeights.Int8
            : c.Flag("bnb_4bit_use_double_quant", false) ? LinearWeights.Nf4Double : LinearWeights.Nf4;
        return new(c.Path("quant_method"), format.Products, module =>
            module.IsLinear && !skipped.Match(module.Name) ? format.Encoding : null)
        {
            Tried = skipped.Tried,
            Named = c.Texts("llm_int8_skip_modules") is null or { Count: 0 } && kind == "nf4" ? format : null,
        };
    }

    /// <summary>EXL3: <c>bits</c> on average in the blocks, <c>head_bits</c> in the head.</summary>
    public static QuantizationScheme Exl3(ConfigReader c, QuantizedModel model)
    {
        _ = model;
        c.Idle("calibration", "checkpoint_format", "codebook", "format", "meta", "method", "out_scales", "tensor_storage",
            "version");
        double bits = Width(c, Bits, 1, 8) ?? throw c.Missing(Bits, "a number from 1 to 8");
        double? head = Width(c, "head_bits", 1, 16);
        TensorEncoding encoding = QuantizedEncodings.Exl3(bits);
        TensorEncoding? ofHead = head is { } width && width < 16 ? QuantizedEncodings.Exl3(width) : null;
        return new(c.Path("quant_method"), ProductFormat.Half,
            module => module.IsLinear ? encoding : module.Tensor.Kind == MatrixKind.Head ? ofHead : null)
        {
            Group = FormatGroup.Exl3,
        };
    }

    /// <summary>HQQ: groups with a scale and a zero point, which older files quantize again.</summary>
    public static QuantizationScheme Hqq(ConfigReader c, QuantizedModel model)
    {
        _ = model;
        c.Idle("version");
        var skipped = ModulePatterns.Read(c, "skip_modules");
        ConfigReader outer = c.Section("quant_config") ?? c;
        outer.Idle("offload_meta", "offload_tag", "scale_quant_params", "zero_quant_params");
        ConfigReader weights = outer.Section("weight_quant_params") ?? outer;
        weights.Idle("axis", "channel_wise", "optimize", "round_zero", "view_as_float");
        int bits = BitsOf(weights, "nbits");
        int group = GroupSize(weights, GroupField) ?? throw weights.Missing(GroupField, "a number of 8 or more");
        TensorEncoding encoding = QuantizedEncodings.Affine("hqq", bits, group);
        return new(c.Path("quant_method"), ProductFormat.Half,
            module => module.IsLinear && !skipped.Match(module.Name) ? encoding : null)
        {
            Tried = skipped.Tried,
        };
    }

    /// <summary>AQLM: codes of codebooks for groups of inputs.</summary>
    public static QuantizationScheme Aqlm(ConfigReader c, QuantizedModel model)
    {
        _ = model;
        var skipped = ModulePatterns.Read(c, "linear_weights_not_to_quantize");
        (long books, long bits) = (c.Size("num_codebooks", 1), c.Size("nbits_per_codebook", 16));
        (long group, long outputs) = (c.Size("in_group_size", 8), c.Size("out_group_size", 1));
        if (books > 8 || bits > 16 || group > 64 || outputs != 1)
        {
            throw c.Invalid("num_codebooks",
                "with nbits_per_codebook, in_group_size and out_group_size must be at most 8, 16, 64 and 1; "
                + $"they are {(ConfigValue)books}, {(ConfigValue)bits}, {(ConfigValue)group} and {(ConfigValue)outputs}.");
        }

        TensorEncoding encoding = QuantizedEncodings.Aqlm((int)books, (int)bits, (int)group);
        return new(c.Path("quant_method"), ProductFormat.Half,
            module => module.IsLinear && !skipped.Match(module.Name) ? encoding : null)
        {
            Tried = skipped.Tried,
        };
    }

    /// <summary>Codes of a group: 1 to 65,536, or null for −1 or null, a whole row.</summary>
    public static int? GroupSize(ConfigReader c, string field) => c.Value(field) switch
    {
        null or { Kind: ConfigValueKind.Null } or { Integer: -1 } => null,
        { Integer: { } size } when size is > 0 and <= 65_536 => (int)size,
        { } other => throw c.Invalid(field, $"must be from 1 to 65,536, or -1 for a row; it is {other}."),
    };

    private static int BitsOf(ConfigReader c, string field) => c.Size(field) is var bits and >= 1 and <= 8
        ? (int)bits
        : throw c.Invalid(field, $"must be from 1 to 8; it is {c.Value(field)}.");

    private static double? Width(ConfigReader c, string field, double least, double most) => c.Value(field) switch
    {
        null or { Kind: ConfigValueKind.Null } => null,
        { Real: { } width } when width >= least && width <= most => width,
        { } other => throw c.Invalid(field,
            FormattableString.Invariant($"must be a number from {least} to {most}; it is {other}.")),
    };

    // GPTQModel: "-:pattern" leaves modules out, "+:pattern" or a bare one gives them bits and groups of their own.
    private static IEnumerable<(ModulePatterns Modules, TensorEncoding? Encoding)> Dynamic(ConfigReader c, int bits, int? group)
    {
        if (c.Section("dynamic") is not { } dynamic)
        {
            yield break;
        }

        foreach (string pattern in dynamic.Names)
        {
            bool without = pattern.StartsWith("-:", StringComparison.Ordinal);
            string text = without || pattern.StartsWith("+:", StringComparison.Ordinal) ? pattern.Substring(2) : pattern;
            var modules = ModulePatterns.One(c, "re:" + text, "dynamic");
            if (without)
            {
                yield return (modules, null);
                continue;
            }

            ConfigReader own = dynamic.Section(pattern) ?? throw dynamic.Missing(pattern, "an object with bits or group_size");
            yield return (modules, QuantizedEncodings.Words("gptq",
                own.Has(Bits) ? BitsOf(own, Bits) : bits, own.Has(GroupField) ? GroupSize(own, GroupField) : group));
        }
    }
}
