using LlmMath.Architectures;
using LlmMath.Formats;
using LlmMath.Interchange;
using LlmMath.Models.Families;

namespace LlmMath.Models.Quantization;

/// <summary>Checkpoints of 8-bit floats as their makers trained or converted them, and the experts of 4 bits beside.</summary>
internal static class Fp8Methods
{
    // A hashed table has a scale for so many elements of a row. Source: vllm-project/vllm, vllm/models/deepseek_v4_1, and the
    // file's index: 510,286,023,000 bytes.
    private static readonly TensorEncoding s_table = QuantizedEncodings.Fp8Groups(32, 1);

    /// <summary>DeepSeek's scheme, which others took over: tiles of <c>weight_block_size</c>, or a scale a matrix.</summary>
    public static QuantizationScheme Read(ConfigReader c, QuantizedModel model)
    {
        c.Idle("activation_scheme", "dequantize", "fmt", "ignore", "is_checkpoint_fp8_serialized", "kv_cache_quant_algo",
            "producer", "store_dtype", "config_groups", "group_size", "moe_quant_algo", "quant_algo");
        var skipped = ModulePatterns.Read(c, "modules_to_not_convert", "ignored_layers");
        bool experts4 = model.HasFp4Experts(c);

        // Version 3 stores its powers of two in 32 bits, version 4 in 8.
        bool small = c.Text("scale_fmt") == "ue8m0"
            && (experts4 || model.Architecture.Family.StartsWith("deepseek_v4", StringComparison.Ordinal));
        TensorEncoding encoding = Tiles(c, small ? 1 : 4);
        var named = NamedLayers.Read(c, "quantized_layers");
        ProductFormat products = experts4 || named.Any ? ProductFormat.Float4 : ProductFormat.Float8;
        return new(c.Path("quant_method"), products, module =>
            named.Find(module) is { } own ? own
            : module.Tensor.IsHashedTable ? s_table
            : !module.IsLinear || skipped.Match(module.Name) ? null
            : experts4 && module.IsExpert ? QuantizedEncodings.Mxfp4
            : encoding)
        {
            Tried = skipped.Tried + named.Tried,
        };
    }

    /// <summary>gpt-oss: experts alone, unless the model has none.</summary>
    public static QuantizationScheme Mxfp4(ConfigReader c, QuantizedModel model)
    {
        c.Idle("dequantize");
        var skipped = ModulePatterns.Read(c, "modules_to_not_convert");
        bool sparse = model.Architecture.HasExperts;
        return new(c.Path("quant_method"), ProductFormat.Float4, module =>
            (sparse ? module.IsExpert : module.IsLinear) && !skipped.Match(module.Name) ? QuantizedEncodings.Mxfp4 : null)
        {
            Tried = skipped.Tried,
            Named = WeightFormat.Mxfp4,
        };
    }

    /// <summary>Meta's: a scale an output. Source: huggingface/transformers,
    /// src/transformers/integrations/fbgemm_fp8.py.</summary>
    public static QuantizationScheme Fbgemm(ConfigReader c, QuantizedModel model)
    {
        _ = model;
        c.Idle("activation_scale_ub");
        var skipped = ModulePatterns.Read(c, "modules_to_not_convert");
        TensorEncoding encoding = QuantizedEncodings.Fp8Rows(4);
        return new(c.Path("quant_method"), ProductFormat.Float8,
            module => module.IsLinear && !skipped.Match(module.Name) ? encoding : null)
        {
            Tried = skipped.Tried,
        };
    }

    /// <summary>Experts of 4-bit integers in groups of 128, all else in tiles of 8-bit floats. Source: sgl-project/sglang,
    /// python/sglang/srt/layers/quantization/w4afp8.py, commit 007baab6e1d2.</summary>
    public static QuantizationScheme W4A8(ConfigReader c, QuantizedModel model)
    {
        _ = model;
        c.Idle("activation_scheme", "fmt", "group_size", "linear_activation_scheme", "moe_activation_scheme");
        const string size = "weight_block_size";
        TensorEncoding dense = Tiles(c.Has(size) ? c : c.With(size, ConfigValue.Array(128, 128)), 4);
        var skipped = ModulePatterns.Read(c, "ignored_layers");
        return new(c.Path("quant_method"), ProductFormat.Float8, module =>
            !module.IsLinear || skipped.Match(module.Name) ? null : module.IsExpert ? LinearWeights.W4A8Experts : dense)
        {
            Tried = skipped.Tried,
        };
    }

    private static TensorEncoding Tiles(ConfigReader c, int scaleBytes)
    {
        const string field = "weight_block_size";
        if (c.Counts(field) is not { } size)
        {
            return QuantizedEncodings.Fp8;
        }

        return size.Count == 2 && size[0] is > 0 and <= 4096 && size[1] is > 0 and <= 4096 && (size[0] == size[1] || size[0] == 1)
            ? size[0] == size[1]
                ? QuantizedEncodings.Fp8Tiles((int)size[0], scaleBytes)
                : QuantizedEncodings.Fp8Groups((int)size[1], scaleBytes)
            : throw c.Invalid(field, "must be two numbers from 1 to 4,096, both the same or the first of them 1; it is "
                + $"[{string.Join(", ", size.Select(side => (ConfigValue)side))}].");
    }
}
