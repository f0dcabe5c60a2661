using LlmMath.Architectures;
using LlmMath.Formats;
using LlmMath.Interchange;
using LlmMath.Models.Families;

namespace LlmMath.Models.Quantization;

/// <summary>MLX: groups of all matrices, embedding and head too, but for modules with numbers of their own or a false. Source:
/// ml-explore/mlx-lm, mlx_lm/utils.py, commit d78bf58e217c.</summary>
internal static class MlxMethod
{
    private const string Mode = "mode";

    /// <summary>Reads <c>bits</c>, <c>group_size</c> and <c>mode</c>, and the modules named beside them.</summary>
    public static QuantizationScheme Read(ConfigReader c, QuantizedModel model)
    {
        _ = model;
        TensorEncoding encoding = Encoding(c);
        string[] fields = ["bits", "group_size", Mode, "quant_method", "linear_class", "quantize_input"];
        (ModulePatterns Modules, TensorEncoding? Encoding)[] others =
        [
            .. c.Names.Where(name => !fields.Contains(name)).Select(name => (ModulePatterns.One(c, name, name),
                c.Value(name)?.Flag == false ? null : c.SectionIfObject(name) is { } own ? Encoding(own) : encoding)),
        ];
        c.Idle("linear_class", "quantize_input");
        return new(c.Path("bits"), ProductFormat.Half, module =>
        {
            foreach ((ModulePatterns modules, TensorEncoding? own) in others)
            {
                if (modules.Match(module.Name))
                {
                    return own;
                }
            }

            MatrixKind kind = module.Tensor.Kind;
            return kind.IsLinear() || kind is MatrixKind.Head or MatrixKind.Embedding or MatrixKind.Router ? encoding : null;
        })
        {
            Group = FormatGroup.Mlx,
        };
    }

    private static TensorEncoding Encoding(ConfigReader c)
    {
        const string bits = "bits", group = "group_size";
        return c.Text(Mode, "affine") switch
        {
            "affine" => c.Size(bits, 4) is var width and <= 8
                ? QuantizedEncodings.Affine("mlx", (int)width, WeightOnlyMethods.GroupSize(c, group) ?? 64)
                : throw c.Invalid(bits, $"must be from 1 to 8; it is {c.Value(bits)}."),
            "mxfp4" => QuantizedEncodings.Mxfp4,
            "mxfp8" => QuantizedEncodings.Mxfp8,
            "nvfp4" => new("nvfp4", 16, (16 * 4) + 8),
            { } other => throw c.Invalid(Mode,
                $"must be \"affine\", \"mxfp4\", \"mxfp8\" or \"nvfp4\"; it is {(ConfigValue)other}."),
        };
    }
}
