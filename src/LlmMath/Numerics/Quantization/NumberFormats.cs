using System.Diagnostics.CodeAnalysis;
using LlmMath.Basics;
using LlmMath.Interchange;
using LlmMath.Numerics.Quantization;

namespace LlmMath.Numerics;

/// <summary>The number formats by name.</summary>
public static class NumberFormats
{
    private const string Calibrated =
        "needs calibration data besides the weights, so no error can "
            + "be told from the weights alone; int4-block-asym stores alike";

    private static readonly NumberFormat[] s_all =
    [
        new BlockNumberFormat<Fp32>(), new BlockNumberFormat<Fp16>(), new BlockNumberFormat<Bf16>(),
        new BlockNumberFormat<Fp8E4M3>(), new TensorScaledFormat<Fp8E4M3>("e4m3-scaled", 448),
        new BlockNumberFormat<Fp8E5M2>(), new TensorScaledFormat<Fp8E5M2>("e5m2-scaled", 57_344),
        .. from bits in new[] { 8, 4 }
           from scope in Enum.GetValues<QuantizationScope>()
           from symmetric in new[] { true, false }
           select new IntegerFormat(bits, scope, symmetric),
        new BlockNumberFormat<Nf4>(), new Nf4DoubleQuantized(), new BlockNumberFormat<Fp4E2M1>(), new BlockNumberFormat<MxFp4>(),
        new TensorScaledFormat<NvFp4>("nvfp4", 6 * 448), new BlockNumberFormat<NvFp4>("nvfp4-gguf"),
        new BlockNumberFormat<Q8_0>(), new BlockNumberFormat<Q6_K>(),
        new BlockNumberFormat<Q5_K>(), new BlockNumberFormat<Q5_1>(), new BlockNumberFormat<Q5_0>(),
        new BlockNumberFormat<Q4_K>(), new BlockNumberFormat<Q4_1>(), new BlockNumberFormat<Q4_0>(),
        new BlockNumberFormat<IQ4_NL>(),
        new BlockNumberFormat<Q3_K>(), new BlockNumberFormat<Q2_K>(),
    ];

    /// <summary>Schemes that stand for a number format: a file-wide mix such as <c>q4_k_m</c> for that of most of its tensors.
    /// Which tensors it raises to a wider one is a matter of their names, not of the format.</summary>
    private static readonly Dictionary<string, string> s_schemes = new(StringComparer.Ordinal)
    {
        ["int8"] = "int8-row", ["int4"] = "int4-block",
        ["q2_k_s"] = "q2_k", ["q3_k_s"] = "q3_k", ["q3_k_m"] = "q3_k", ["q3_k_l"] = "q3_k",
        ["q4_k_s"] = "q4_k", ["q4_k_m"] = "q4_k", ["q5_k_s"] = "q5_k", ["q5_k_m"] = "q5_k",
    };

    /// <summary>Every format: floats, integers, four-bit floats, then GGUF's from the widest to the narrowest.</summary>
    public static IReadOnlyList<NumberFormat> All => s_all;

    /// <summary>The format of a name, in any case.</summary>
    /// <param name="name"><c>q4_k</c>, or another usual name: <c>Q4_K_M</c>, <c>fp8</c>, <c>F16</c>.</param>
    /// <exception cref="ArgumentException">There is none; the error lists the nearest.</exception>
    public static NumberFormat Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (TryFind(name, out NumberFormat? found))
        {
            return found;
        }

        if (name.StartsWith("gptq", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("awq", StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException($"\"{name}\" {Calibrated}.", nameof(name));
        }

        throw new UnknownNameException(
            name, "is no number format that is known", "Formats", [.. s_all.Select(format => format.Name), .. s_schemes.Keys]);
    }

    /// <summary>The format of a name, in any case, if there is one.</summary>
    /// <param name="name">As for <see cref="Find"/>.</param>
    /// <param name="format">The format.</param>
    /// <returns>Whether there is one.</returns>
    public static bool TryFind(string name, [NotNullWhen(true)] out NumberFormat? format)
    {
        ArgumentNullException.ThrowIfNull(name);
        string usual = s_schemes.GetValueOrDefault(FormatNames.Usual(name), name);
        format = FormatNames.Find(s_all, static format => format.Name, usual);
        return format is not null;
    }

    /// <summary>The format that a checkpoint's tensors of a type are stored in, or null where it is not one of these.</summary>
    /// <param name="type">As the file calls it (<see cref="StoredTensor.Type"/>): <c>BF16</c>, <c>Q4_K</c>,
    /// <c>F8_E4M3</c>.</param>
    public static NumberFormat? OfStored(string type) =>
        TryFind(string.Equals(type, "NVFP4", StringComparison.OrdinalIgnoreCase) ? "nvfp4-gguf" : type, out NumberFormat? format)
            ? format : null;
}
