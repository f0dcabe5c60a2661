using LlmMath.Architectures;
using LlmMath.Formats;
using LlmMath.Interchange;
using LlmMath.Models.Families;

namespace LlmMath.Models.Quantization;

/// <summary>
/// What a config says of how its checkpoint's weights are stored: <c>quantization_config</c>, the same of modelopt's own file
/// (<c>hf_quant_config</c>) or MLX's <c>quantization</c>, at the top or beside the text's fields; else <c>dtype</c>. Sources of
/// the methods' fields: huggingface/transformers, src/transformers/utils/quantization_config.py, commit 008e57439125;
/// vllm-project/compressed-tensors, src/compressed_tensors/quantization/quant_args.py; NVIDIA/Model-Optimizer,
/// modelopt/torch/export/quant_utils.py; the configs of the models that the tests name.
/// </summary>
internal static class QuantizationConfig
{
    private const string Section = "quantization_config", Own = "hf_quant_config", Mlx = "quantization", Method = "quant_method";

    private static readonly string[] s_textSections = ["text_config", "language_config", "llm_config", "thinker_config"];

    private static readonly Dictionary<string, Func<ConfigReader, QuantizedModel, QuantizationScheme>> s_methods =
        new(StringComparer.Ordinal)
        {
            ["aqlm"] = WeightOnlyMethods.Aqlm,
            ["awq"] = WeightOnlyMethods.Awq,
            ["bitsandbytes"] = WeightOnlyMethods.BitsAndBytes,
            ["compressed-tensors"] = CompressedTensorsMethod.Read,
            ["exl3"] = WeightOnlyMethods.Exl3,
            ["fbgemm_fp8"] = Fp8Methods.Fbgemm,
            ["fp8"] = Fp8Methods.Read,
            ["gptq"] = WeightOnlyMethods.Gptq,
            ["hqq"] = WeightOnlyMethods.Hqq,
            ["mlx"] = MlxMethod.Read,
            ["modelopt"] = ModelOptMethod.Read,
            ["modelopt_fp4"] = ModelOptMethod.Read,
            ["mxfp4"] = Fp8Methods.Mxfp4,
            ["w4afp8"] = Fp8Methods.W4A8,
        };

    /// <summary>The format of a config's checkpoint; null where the config does not say.</summary>
    /// <exception cref="DefinitionException">A field is missing, unknown or wrong, or nothing of the model is named.</exception>
    public static WeightFormat? FormatOf(ModelConfig config, Architecture architecture)
    {
        TensorEncoding? plain = Plain(config);
        return Find(config) is not { } found ? Uniform(plain)
            : CheckpointPolicy.Of(architecture, Read(found, new(architecture, config)), plain ?? new("bf16", 1, 16));
    }

    /// <summary>Fields of a quantization that are not read, or the one that cannot be; none where there is no
    /// quantization.</summary>
    public static IEnumerable<string> NotUnderstood(ModelConfig config, Architecture architecture)
    {
        if (Find(config) is not { } found)
        {
            return [];
        }

        try
        {
            Read(found, new(architecture, config));
            return found.Missed();
        }
        catch (DefinitionException error)
        {
            return [error.Field];
        }
    }

    private static QuantizationScheme Read(ConfigReader c, QuantizedModel model)
    {
        string method = c.Text(Method) ?? Guess(c);
        return s_methods.TryGetValue(method, out Func<ConfigReader, QuantizedModel, QuantizationScheme>? read)
            ? read(c, model)
            : throw c.Invalid(Method, $"{(ConfigValue)method} is not a method whose layout is known. Known: "
                + $"{string.Join(", ", s_methods.Keys)}.");
    }

    // Older writers leave the method out.
    private static string Guess(ConfigReader c) =>
        c.Has("quant_algo") || c.Section(Mlx)?.Has("quant_algo") == true ? "modelopt"
        : c.Has("config_groups") ? "compressed-tensors"
        : c.Has("load_in_4bit") || c.Has("load_in_8bit") ? "bitsandbytes"
        : c.Has("quant_config") ? "hqq"
        : c.Has("group_size") && c.Has("bits") ? "mlx"
        : throw c.Missing(Method, $"one of {string.Join(", ", s_methods.Keys)}");

    private static ConfigReader? Find(ModelConfig config)
    {
        var root = new ConfigReader(config);
        foreach (ConfigReader holder in new[] { root }.Concat(s_textSections.Select(root.SectionIfObject).OfType<ConfigReader>()))
        {
            foreach (string field in new[] { Section, Own, Mlx, "compression_config" })
            {
                if (holder.Has(field))
                {
                    return holder.Section(field);
                }
            }
        }

        return null;
    }

    private static TensorEncoding? Plain(ModelConfig config)
    {
        var root = new ConfigReader(config);
        foreach (ConfigReader holder in new[] { root }.Concat(s_textSections.Select(root.SectionIfObject).OfType<ConfigReader>()))
        {
            foreach (string field in new[] { "dtype", "torch_dtype" })
            {
                string? type = holder.Value(field)?.Text;
                if (type is not null)
                {
                    const string torch = "torch.";
                    type = type.StartsWith(torch, StringComparison.Ordinal) ? type.Substring(torch.Length) : type;
                    return type switch
                    {
                        "bfloat16" => new("bf16", 1, 16),
                        "float16" or "half" => new("fp16", 1, 16),
                        "float32" or "float" => new("fp32", 1, 32),
                        _ => null,
                    };
                }
            }
        }

        return null;
    }

    private static WeightFormat? Uniform(TensorEncoding? plain) => plain?.Name switch
    {
        "bf16" => WeightFormat.Bf16,
        "fp16" => WeightFormat.Fp16,
        "fp32" => WeightFormat.Fp32,
        _ => null,
    };
}

/// <summary>The model that a quantization is of.</summary>
/// <param name="Architecture">Its structure.</param>
/// <param name="Config">Its config: some fields beside the quantization's own say what is stored how.</param>
internal sealed record QuantizedModel(Architecture Architecture, ModelConfig Config)
{
    /// <summary>Whether its experts are stored in 4-bit floats, whatever the scheme of the other layers
    /// (<c>expert_dtype</c>).</summary>
    public bool HasFp4Experts(ConfigReader c) => (c.Text("expert_dtype") ?? Config["expert_dtype"]?.Text
        ?? Config["text_config"]?.Section?["expert_dtype"]?.Text) == "fp4";
}
