using LlmMath.Architectures;
using LlmMath.Interchange;
using LlmMath.Models.Families;

namespace LlmMath.Models.Quantization;

/// <summary>compressed-tensors: groups of modules by name or class, each with its own arguments, and modules that stay.</summary>
internal static class CompressedTensorsMethod
{
    private const string Groups = "config_groups", Targets = "targets", Weights = "weights";

    /// <summary>Reads the groups, of which the first that names a module decides.</summary>
    public static QuantizationScheme Read(ConfigReader c, QuantizedModel model)
    {
        _ = model;
        c.Idle("format", "global_compression_ratio", "kv_cache_scheme", "producer", "quantization_status", "quant_method",
            "sparsity_config", "transform_config", "version");
        var ignored = ModulePatterns.Read(c, "ignore");
        ConfigReader groups = c.Section(Groups) ?? throw c.Missing(Groups, "an object of groups, each with targets and weights");
        Group[] read = [.. groups.Names.Select(name =>
            ReadGroup(groups.Section(name) ?? throw groups.Missing(name, "an object with targets and weights"),
                c.Text("format")))];
        if (read.Length == 0)
        {
            throw c.Invalid(Groups, "names no module: it has no group.");
        }

        return new(c.Path(Groups), Products(read), module =>
        {
            foreach (Group group in ignored.Match(module.Name) ? [] : read)
            {
                if (group.Takes(module))
                {
                    return group.Encoding;
                }
            }

            return null;
        })
        {
            Tried = ignored.Tried + read.Sum(group => group.Named.Tried),
        };
    }

    private static Group ReadGroup(ConfigReader c, string? format)
    {
        c.Idle("output_activations");
        ValueList<string> targets = c.Texts(Targets) ?? throw c.Missing(Targets, "a list of modules, or \"Linear\"");
        if (targets.Count == 0)
        {
            throw c.Invalid(Targets, "names no module: it is empty.");
        }

        ConfigReader weights = c.Section(Weights) ?? throw c.Missing(Weights, "an object with num_bits and type");
        bool roundsInputs = c.Has("input_activations");
        return new(targets.Contains("Linear"), ModulePatterns.Read(c, Targets),
            Encoding(weights, c.Text("format") ?? format ?? "", roundsInputs), roundsInputs);
    }

    private static TensorEncoding Encoding(ConfigReader w, string format, bool roundsInputs)
    {
        w.Idle("actorder", "block_structure", "dynamic", "observer", "observer_kwargs", "scale_dtype", "strategy", "symmetric",
            "zp_dtype");
        long bits = w.Size("num_bits");
        string type = w.Text("type", "int"), strategy = w.Text("strategy") ?? (w.Has("group_size") ? "group" : "tensor");
        int? group = Size(w);
        if (type == "float")
        {
            bool exponents = w.Text("scale_dtype") is "torch.uint8" or "uint8"
                || format.StartsWith("mx", StringComparison.Ordinal);
            return (bits, exponents) switch
            {
                (4, true) when group is null or 32 => QuantizedEncodings.Mxfp4,
                (4, false) when group is null or 16 =>
                    roundsInputs ? QuantizedEncodings.Nvfp4 : QuantizedEncodings.Nvfp4WeightOnly,
                (8, true) when group is null or 32 => QuantizedEncodings.Mxfp8,
                (8, false) => strategy switch
                {
                    "tensor" => QuantizedEncodings.Fp8,
                    "block" => Block(w),
                    "group" when group is { } size => QuantizedEncodings.Fp8Groups(size, 2),
                    _ => QuantizedEncodings.Fp8Rows(2),
                },
                _ => throw w.Invalid("num_bits", $"{(ConfigValue)bits} with these groups is no layout of floats that is known: "
                    + "4 bits in 16s or 32s and 8 bits are."),
            };
        }

        if (type != "int")
        {
            throw w.Invalid("type", $"must be \"int\" or \"float\"; it is {(ConfigValue)type}.");
        }

        return bits is >= 2 and <= 8
            ? QuantizedEncodings.Integers((int)bits, group, hasZeros: !w.Flag("symmetric", true),
                hasIndex: w.Text("actorder") is "group")
            : throw w.Invalid("num_bits", $"must be from 2 to 8; it is {(ConfigValue)bits}.");
    }

    private static TensorEncoding Block(ConfigReader w)
    {
        const string field = "block_structure";
        ValueList<long> sides = w.Counts(field) ?? [128, 128];
        return sides.Count == 2 && sides[0] == sides[1] && sides[0] is > 0 and <= 4096
            ? QuantizedEncodings.Fp8Tiles((int)sides[0], 4)
            : throw w.Invalid(field, "must be two equal numbers from 1 to 4,096.");
    }

    // −1 is a row.
    private static int? Size(ConfigReader w) => WeightOnlyMethods.GroupSize(w, "group_size");

    private static ProductFormat Products(Group[] groups)
    {
        TensorEncoding first = groups[0].Encoding;
        bool rounds = groups[0].RoundsInputs;
        return first.Name is "mxfp4" or "nvfp4" ? ProductFormat.Float4
            : first.Name is "fp8" or "mxfp8" ? ProductFormat.Float8
            : rounds ? ProductFormat.Integer8
            : ProductFormat.Half;
    }

    /// <summary>Modules that are stored alike.</summary>
    /// <param name="AllLinear">Whether every linear layer is one.</param>
    /// <param name="Named">Those that are named.</param>
    /// <param name="Encoding">How.</param>
    /// <param name="RoundsInputs">Whether a layer's inputs are rounded too.</param>
    private sealed record Group(bool AllLinear, ModulePatterns Named, TensorEncoding Encoding, bool RoundsInputs)
    {
        public bool Takes(QuantizedModule module) => (AllLinear && module.IsLinearOrHead) || Named.Match(module.Name);
    }
}
