using LlmMath.Architectures;
using LlmMath.Interchange;
using LlmMath.Models.Families;

namespace LlmMath.Models.Quantization;

/// <summary>
/// NVIDIA's modelopt, in config.json or in a file of its own: one algorithm for all linear layers but those excluded, or one for
/// each module named. Source: vllm-project/vllm (fork ROCm/vllm@f8c9a3852), quantization/modelopt.py; the files of
/// ai-dynamo/aiconfigurator@095f58a5, aic-core/src/aiconfigurator_core/model_configs.
/// </summary>
internal static class ModelOptMethod
{
    private const string Algorithm = "quant_algo", Layers = "quantized_layers", Mixed = "MIXED_PRECISION";

    /// <summary>Reads either form.</summary>
    public static QuantizationScheme Read(ConfigReader c, QuantizedModel model)
    {
        _ = model;
        c.Idle("producer", "config_groups", "kv_cache_scheme", "kv_cache_quant_algo", "quant_method", "group_size");
        ConfigReader q = c.Has("quantization") ? c.Section("quantization")! : c;
        q.Idle("kv_cache_quant_algo", "has_zero_point", "pre_quant_scale", "awq_block_size");
        var excluded = ModulePatterns.Read(q, "exclude_modules", "ignore");
        var named = NamedLayers.Read(q, Layers);
        string algorithm = q.Text(Algorithm) ?? throw q.Missing(Algorithm, $"one of {Known}");
        if (algorithm == Mixed)
        {
            return !named.Any
                ? throw q.Missing(Layers, $"an object with the {Algorithm} of each module")
                : new(q.Path(Layers), ProductFormat.Float4,
                    module => excluded.Match(module.Name) ? null : named.Find(module))
                {
                    Tried = excluded.Tried + named.Tried,
                };
        }

        TensorEncoding encoding = Encoding(q);
        bool isFour = encoding.BlockBits < 8 * encoding.BlockElements;
        return new(q.Path(Algorithm), isFour ? ProductFormat.Float4 : ProductFormat.Float8,
            module => module.IsLinear && !excluded.Match(module.Name) ? named.Find(module) ?? encoding : null)
        {
            Tried = excluded.Tried + named.Tried,
        };
    }

    /// <summary>The layout of an object's <c>quant_algo</c>.</summary>
    public static TensorEncoding Encoding(ConfigReader c)
    {
        string algorithm = c.Text(Algorithm) ?? throw c.Missing(Algorithm, $"one of {Known}");
        TensorEncoding encoding = algorithm switch
        {
            "FP8" => QuantizedEncodings.Fp8,
            "MXFP8" => QuantizedEncodings.Mxfp8,
            "NVFP4" => QuantizedEncodings.Nvfp4,
            "W4A16_NVFP4" => QuantizedEncodings.Nvfp4WeightOnly,
            "W4A8_MXFP4_FP8" => QuantizedEncodings.Mxfp4,
            _ => throw c.Invalid(Algorithm,
                $"{(ConfigValue)algorithm} is not an algorithm whose layout is known. Known: {Known}."),
        };
        const string group = "group_size";
        return encoding.BlockElements == 1 || c.SizeOrNull(group) is not { } size || size == encoding.BlockElements ? encoding
            : throw c.Invalid(group,
                $"must be {(ConfigValue)(long)encoding.BlockElements} with {algorithm}; it is {(ConfigValue)size}.");
    }

    private static string Known => $"FP8, MXFP8, NVFP4, W4A16_NVFP4, W4A8_MXFP4_FP8, {Mixed}";
}
