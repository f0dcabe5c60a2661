using System.Diagnostics.CodeAnalysis;
using LlmMath.Architectures;
using LlmMath.Basics;

namespace LlmMath;

/// <summary>A number format of cached keys or values.</summary>
public sealed record CacheFormat
{
    private readonly TensorEncoding _encoding;

    private CacheFormat(string name, int blockElements, int blockBits, int headBytes = 0) =>
        (Name, _encoding, HeadBytes) = (name, new(name, blockElements, blockBits), headBytes);

    /// <summary>32-bit floats.</summary>
    public static CacheFormat Fp32 { get; } = new("fp32", 1, 32);

    /// <summary>16-bit floats.</summary>
    public static CacheFormat Fp16 { get; } = new("fp16", 1, 16);

    /// <summary>bfloat16.</summary>
    public static CacheFormat Bf16 { get; } = new("bf16", 1, 16);

    /// <summary>8-bit floats (e4m3), one scale for all.</summary>
    public static CacheFormat Fp8 { get; } = new("fp8", 1, 8);

    /// <summary>8-bit floats (e5m2), one scale for all.</summary>
    public static CacheFormat Fp8E5M2 { get; } = new("fp8-e5m2", 1, 8);

    /// <summary>8-bit integers, with a 16-bit scale and zero point for each head and token. Source: InternLM/lmdeploy,
    /// docs/en/quantization/kv_quant.md (per head and token, asymmetric).</summary>
    public static CacheFormat Int8 { get; } = new("int8", 1, 8, headBytes: 4);

    /// <summary>4-bit integers, with a 16-bit scale and zero point for each head and token. Source: as
    /// <see cref="Int8"/>.</summary>
    public static CacheFormat Int4 { get; } = new("int4", 1, 4, headBytes: 4);

    /// <summary>llama.cpp's 8-bit blocks of 32.</summary>
    public static CacheFormat Q8 { get; } = new("q8_0", 32, 34 * 8);

    /// <summary>llama.cpp's 4-bit blocks of 32.</summary>
    public static CacheFormat Q4 { get; } = new("q4_0", 32, 18 * 8);

    /// <summary>Every format.</summary>
    public static ValueList<CacheFormat> All { get; } =
    [
        Fp32, Fp16, Bf16, Fp8, Fp8E5M2, Int8, Int4, Q8,
        // A fork's: ikawrakow/ik_llama.cpp, ggml/src/ggml-common.h, block_q6_0.
        new("q6_0", 32, 26 * 8), new("q5_1", 32, 24 * 8), new("q5_0", 32, 22 * 8),
        new("q4_1", 32, 20 * 8), Q4, new("iq4_nl", 32, 18 * 8),
    ];

    /// <summary>Its usual name: <c>q8_0</c>.</summary>
    public string Name { get; }

    /// <summary>Bits that an element takes, block scales included, scales of heads left out.</summary>
    public double BitsPerElement => _encoding.BitsPerElement;

    /// <summary>Bytes beside each head of each token.</summary>
    internal int HeadBytes { get; }

    /// <summary>The format of a name or a usual alias, in any case.</summary>
    /// <param name="name"><c>fp16</c>, <c>f16</c>, <c>e4m3</c>, <c>q8_0</c>.</param>
    /// <exception cref="UnknownNameException">There is no such format; the error lists the nearest.</exception>
    public static CacheFormat Find(string name) => TryFind(name, out CacheFormat? format) ? format
        : throw new UnknownNameException(name, "is no cache format", "Formats", [.. All.Select(f => f.Name)]);

    /// <summary>The format of a name or a usual alias, in any case, if there is one.</summary>
    /// <param name="name"><c>fp16</c>, <c>f16</c>, <c>e4m3</c>, <c>q8_0</c>.</param>
    /// <param name="format">The format.</param>
    /// <returns>Whether there is one.</returns>
    public static bool TryFind(string name, [NotNullWhen(true)] out CacheFormat? format) =>
        (format = FormatNames.Find(All, static format => format.Name, name)) is not null;

    /// <summary>Bytes of one token's keys or values in one layer.</summary>
    /// <param name="elements">Elements over all heads, 0 or more.</param>
    /// <param name="heads">Heads, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">They exceed 2⁶³ − 1.</exception>
    public long TokenBytes(long elements, long heads)
    {
        try
        {
            return TokenSize(elements, heads);
        }
        catch (OverflowException)
        {
            throw new ArgumentOutOfRangeException(nameof(elements), elements, $"A token in {Name} would exceed 2^63 - 1 bytes.");
        }
    }

    /// <summary>The same, for whoever says himself what is too large.</summary>
    /// <exception cref="OverflowException">They exceed 2⁶³ − 1.</exception>
    internal long TokenSize(long elements, long heads) =>
        elements == 0 ? 0 : checked(_encoding.RowSize(elements) + (HeadBytes * heads));

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
