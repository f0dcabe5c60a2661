using System.Diagnostics.CodeAnalysis;
using LlmMath.Architectures;
using LlmMath.Basics;
using LlmMath.Formats;

namespace LlmMath;

/// <summary>
/// How a scheme stores a model's weights: which tensors it quantizes, how, and which it leaves as they are. Formats are compared
/// by name.
/// </summary>
public abstract record WeightFormat
{
    /// <summary>Makes a format.</summary>
    /// <param name="name">Its usual name, in lower case.</param>
    /// <param name="group">Whose files hold it.</param>
    /// <param name="products">In which number format its products are made.</param>
    private protected WeightFormat(string name, FormatGroup group, ProductFormat products = ProductFormat.Half) =>
        (Name, Group, Products) = (name, group, products);

    /// <summary>32-bit floats, IEEE 754 binary32.</summary>
    public static WeightFormat Fp32 { get; } = new UniformWeights("fp32", 32, ProductFormat.Single);

    /// <summary>16-bit floats, IEEE 754 binary16.</summary>
    public static WeightFormat Fp16 { get; } = new UniformWeights("fp16", 16);

    /// <summary>bfloat16: the upper half of binary32.</summary>
    public static WeightFormat Bf16 { get; } = new UniformWeights("bf16", 16);

    /// <summary>8-bit floats (e4m3) in the linear layers of the blocks, a float32 scale an output; the rest in 16 bits.</summary>
    public static WeightFormat Fp8 => LinearWeights.Fp8;

    /// <summary>8-bit integers in the linear layers of the blocks, a float32 scale an output (LLM.int8, W8A8); the rest in 16
    /// bits.</summary>
    public static WeightFormat Int8 => LinearWeights.Int8;

    /// <summary>4-bit floats (e2m1) in the linear layers of the blocks, a scale a matrix; the rest in 16 bits.</summary>
    public static WeightFormat Fp4 => LinearWeights.Fp4;

    /// <summary>4-bit integers in the linear layers of the blocks, a float32 scale an output; the rest in 16 bits.</summary>
    public static WeightFormat Int4 => LinearWeights.Int4;

    /// <summary>GPTQ, 4 bits in groups of 128.</summary>
    public static WeightFormat Gptq4Bit128G => LinearWeights.Gptq4Bit128G;

    /// <summary>AWQ, 4 bits in groups of 128.</summary>
    public static WeightFormat Awq4Bit128G => LinearWeights.Awq4Bit128G;

    /// <summary>NF4 of bitsandbytes, blocks of 64.</summary>
    public static WeightFormat Nf4 => LinearWeights.Nf4;

    /// <summary>MXFP4: e2m1 in blocks of 32; in a mixture of experts the experts alone, as gpt-oss ships.</summary>
    public static WeightFormat Mxfp4 => LinearWeights.Mxfp4;

    /// <summary>NVFP4: e2m1 in blocks of 16.</summary>
    public static WeightFormat Nvfp4 => LinearWeights.Nvfp4;

    /// <summary>llama.cpp's Q4_K_M, its recommended mix.</summary>
    public static WeightFormat Q4KM => GgufMix.Q4KM;

    /// <summary>llama.cpp's Q8_0.</summary>
    public static WeightFormat Q8 => GgufMix.Q8;

    /// <summary>Every format, in order: plain, linear layers, llama.cpp's mixes.</summary>
    public static ValueList<WeightFormat> All => WeightFormats.All;

    /// <summary>Its usual name: <c>q4_k_m</c>.</summary>
    public string Name { get; }

    /// <summary>Whose files hold it.</summary>
    public FormatGroup Group { get; }

    /// <summary>In which number format its products are made, where a GPU has a rate for it.</summary>
    public ProductFormat Products { get; }

    /// <summary>Of which models its published checkpoints often leave matrices in 16 bits.</summary>
    internal virtual PublishedMix PublishedMix => PublishedMix.None;

    /// <summary>Bits of one element of a quantized matrix, scales left out; null for a mix of several.</summary>
    public abstract int? ElementBits { get; }

    /// <summary>The format of a name or a usual alias, in any case; of two of llama.cpp's with <c>+</c> between them, a file
    /// whose routed experts are in the second.</summary>
    /// <param name="name"><c>bf16</c>, <c>e4m3</c>, <c>q4_k_m</c>, <c>q8_0+iq4_xs</c>.</param>
    /// <exception cref="UnknownNameException">There is no such format; the error lists the nearest.</exception>
    public static WeightFormat Find(string name) => TryFind(name, out WeightFormat? format) ? format
        : throw new UnknownNameException(name, "is no weight format", "Formats", [.. All.Select(f => f.Name)]);

    /// <summary>The format of a name or a usual alias, in any case, if there is one.</summary>
    /// <param name="name"><c>bf16</c>, <c>e4m3</c>, <c>q4_k_m</c>.</param>
    /// <param name="format">The format.</param>
    /// <returns>Whether there is one.</returns>
    public static bool TryFind(string name, [NotNullWhen(true)] out WeightFormat? format) =>
        (format = FormatNames.Find(All, static format => format.Name, name) ?? ExpertMix.OfName(name)) is not null;

    /// <summary>Whether formats have the same name.</summary>
    /// <param name="other">The other format, or null.</param>
    public virtual bool Equals(WeightFormat? other) => other is not null && Name == other.Name;

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Name);

    /// <summary>The name.</summary>
    public sealed override string ToString() => Name;

    /// <summary>How a tensor is stored.</summary>
    internal abstract TensorEncoding Encode(in MatrixPlace place);

    /// <summary>Whether a tensor's encoding depends on the layer at which it stands.</summary>
    internal virtual bool VariesByLayer(MatrixKind kind) => false;
}

/// <summary>The list of formats, apart from the type so that neither type's initialization waits for the other's.</summary>
internal static class WeightFormats
{
    public static ValueList<WeightFormat> All { get; } =
        [WeightFormat.Fp32, WeightFormat.Fp16, WeightFormat.Bf16, Bf16Mixed.Format, .. LinearWeights.All, .. GgufMix.All];
}
