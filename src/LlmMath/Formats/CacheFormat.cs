using System.Diagnostics.CodeAnalysis;
using LlmMath.Architectures;
using LlmMath.Basics;

namespace LlmMath;

/// <summary>A number format of cached keys or values.</summary>
public sealed record CacheFormat
{
    private readonly TensorEncoding _keys, _values;
    private readonly int _keyHeadBytes, _valueHeadBytes;

    private CacheFormat(string name, int blockElements, int blockBits, int headBytes = 0)
        : this(name, new TensorEncoding(name, blockElements, blockBits), headBytes, null, headBytes)
    {
    }

    private CacheFormat(string name, TensorEncoding keys, int keyHeadBytes, TensorEncoding? values, int valueHeadBytes) =>
        (Name, _keys, _keyHeadBytes, _values, _valueHeadBytes) = (name, keys, keyHeadBytes, values ?? keys, valueHeadBytes);

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

    /// <summary>4-bit floats (e2m1), an 8-bit scale for each 16, one 32-bit scale for all. Source: vllm-project/vllm, pull
    /// requests 37192 and 40177.</summary>
    public static CacheFormat Nvfp4 { get; } = new("nvfp4", 16, (16 * 4) + 8);

    /// <summary>llama.cpp's 8-bit blocks of 32.</summary>
    public static CacheFormat Q8 { get; } = new("q8_0", 32, 34 * 8);

    /// <summary>llama.cpp's 4-bit blocks of 32.</summary>
    public static CacheFormat Q4 { get; } = new("q4_0", 32, 18 * 8);

    /// <summary>Every format.</summary>
    public static ValueList<CacheFormat> All { get; } =
    [
        Fp32, Fp16, Bf16, Fp8, Fp8E5M2, Int8, Int4, Nvfp4, Q8,
        // A fork's: ikawrakow/ik_llama.cpp, ggml/src/ggml-common.h, block_q6_0.
        new("q6_0", 32, 26 * 8), new("q5_1", 32, 24 * 8), new("q5_0", 32, 22 * 8),
        new("q4_1", 32, 20 * 8), Q4, new("iq4_nl", 32, 18 * 8),
        TurboQuant("turboquant_k8v4", 8, 4), TurboQuant("turboquant_4bit_nc", 4, 4), TurboQuant("turboquant_k3v4_nc", 3, 4),
        TurboQuant("turboquant_3bit_nc", 3, 3),
    ];

    // Keys of 8 bits are floats without a scale; of fewer they have a 16-bit norm a head, and values a 16-bit scale and zero
    // point. Source: vllm-project/vllm@1471680b2, vllm/model_executor/layers/quantization/turboquant/config.py.
    private static CacheFormat TurboQuant(string name, int keyBits, int valueBits) =>
        new(name, new(name, 1, keyBits), keyBits == 8 ? 0 : 2, new(name, 1, valueBits), 4) { LeavesEnds = true };

    /// <summary>Its usual name: <c>q8_0</c>.</summary>
    public string Name { get; }

    /// <summary>Bits that an element takes, block scales included, scales of heads left out; the mean of keys and values where
    /// they differ.</summary>
    public double BitsPerElement => (_keys.BitsPerElement + _values.BitsPerElement) / 2;

    /// <summary>Whether the first two and the last two layers of a model keep 16 bits, unless some of its layers are
    /// recurrent. Source: as <see cref="TurboQuant"/>, get_boundary_skip_layers.</summary>
    internal bool LeavesEnds { get; private init; }

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

    /// <summary>Bytes of one token's keys, or of its values where they are kept alike, in one layer.</summary>
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
    internal long TokenSize(long elements, long heads) => SizeOf(_keys, _keyHeadBytes, elements, heads);

    /// <summary>The same of values.</summary>
    internal long ValueSize(long elements, long heads) => SizeOf(_values, _valueHeadBytes, elements, heads);

    private static long SizeOf(TensorEncoding encoding, int headBytes, long elements, long heads) =>
        elements == 0 ? 0 : checked(encoding.RowSize(elements) + (headBytes * heads));

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
