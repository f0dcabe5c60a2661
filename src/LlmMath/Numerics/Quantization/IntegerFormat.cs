using System.Buffers.Binary;
using System.Globalization;
using LlmMath.Numerics.Quantization;
using LlmMath.Numerics.Vectors;

namespace LlmMath.Numerics;

/// <summary>
/// Integers of 8 or 4 bits with an fp32 scale for a block, a row or the tensor.
/// Symmetric: x ≈ s·q, s = max|x| ÷ (2^(bits − 1) − 1), q from −127 to 127 or −7 to 7. Asymmetric: x ≈ s·(q − z), s = (max − min)
/// ÷ (2^bits − 1) with 0 between min and max, so that 0 is met exactly, z = −min ÷ s, q and z from 0 to 255 or 15. q and z round
/// to nearest, ties to even.
/// Bytes of a block, row or tensor: s (4, little-endian), z (1, asymmetric alone), then the codes: a byte each, or two in a byte,
/// the first in the low half; signed ones in two's complement. Zeros have s = 0. −0 becomes +0. A last block that is not full is
/// stored as it is.
/// Sources: Dettmers et al., "LLM.int8()" (2022), section 2; Jacob et al., "Quantization and Training of Neural Networks for
/// Efficient Integer-Arithmetic-Only Inference" (2018), section 2.1.
/// </summary>
public sealed class IntegerFormat : NumberFormat
{
    /// <summary>Elements of a block where none are given: as AWQ and GPTQ checkpoints have it.</summary>
    public const int UsualBlock = 128;

    private readonly int _block;

    /// <summary>Makes a format.</summary>
    /// <param name="bits">8 or 4.</param>
    /// <param name="scope">What a scale belongs to.</param>
    /// <param name="isSymmetric">Whether 0 lies in the middle of the codes; if not there is a zero point.</param>
    /// <param name="blockElements">Elements of a block, 2 or more and even; for <see cref="QuantizationScope.Block"/>
    /// alone.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not one of those.</exception>
    public IntegerFormat(int bits, QuantizationScope scope, bool isSymmetric, int blockElements = UsualBlock)
    {
        if (bits is not (8 or 4))
        {
            throw new ArgumentOutOfRangeException(nameof(bits), bits, "Bits must be 8 or 4.");
        }

        if (!Enum.IsDefined(scope))
        {
            throw new ArgumentOutOfRangeException(nameof(scope), scope, "The scope must be a block, a row or the tensor.");
        }

        if (blockElements < 2 || blockElements % 2 != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(blockElements), blockElements,
                "A block must have 2 elements or more, an even number.");
        }

        (Bits, Scope, IsSymmetric) = (bits, scope, isSymmetric);
        _block = scope == QuantizationScope.Block ? blockElements : int.MaxValue;
        string of = scope switch
        {
            QuantizationScope.Row => "row",
            QuantizationScope.Tensor => "tensor",
            _ when blockElements == UsualBlock => "block",
            _ => string.Create(CultureInfo.InvariantCulture, $"block{blockElements}"),
        };
        Name = $"int{bits}-{of}{(isSymmetric ? "" : "-asym")}";
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override QuantizationScope Scope { get; }

    /// <inheritdoc/>
    public override int? BlockElements => Scope == QuantizationScope.Block ? _block : null;

    /// <summary>Bits of a code: 8 or 4.</summary>
    public int Bits { get; }

    /// <summary>Whether 0 lies in the middle of the codes.</summary>
    public bool IsSymmetric { get; }

    private int HeaderBytes => IsSymmetric ? sizeof(float) : sizeof(float) + 1;

    private int LeastCode => IsSymmetric ? -GreatestCode : 0;

    private int GreatestCode => IsSymmetric ? (1 << (Bits - 1)) - 1 : (1 << Bits) - 1;

    /// <inheritdoc/>
    public override long ByteCount(long elements)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(elements);
        long whole = elements / _block, rest = elements % _block;
        Int128 bytes = ((Int128)whole * PartBytes(_block)) + (rest == 0 ? 0 : PartBytes(rest));
        return bytes <= long.MaxValue ? (long)bytes : throw SpanCheck.TooMany(elements, nameof(elements));
    }

    /// <inheritdoc/>
    public override void Quantize(ReadOnlySpan<float> values, Span<byte> bytes)
    {
        SpanCheck.Bytes(bytes, values, ByteCount(values.Length), Name, nameof(bytes));
        for (int start = 0; start < values.Length;)
        {
            ReadOnlySpan<float> part = values.Slice(start, Math.Min(_block, values.Length - start));
            (float min, float max) = Lanes.Range(part);
            if (!float.IsFinite(min) || !float.IsFinite(max))
            {
                throw SpanCheck.NotEncodable(values, start, part.Length, Name);
            }

            int size = (int)PartBytes(part.Length);
            if (!TryQuantize(part, MathF.Min(min, 0), MathF.Max(max, 0), bytes[..size]))
            {
                throw SpanCheck.NotEncodable(values, start, part.Length, Name);
            }

            start += part.Length;
            bytes = bytes[size..];
        }
    }

    /// <inheritdoc/>
    public override void Dequantize(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        SpanCheck.Bytes(bytes, values, ByteCount(values.Length), Name, nameof(bytes));
        for (int start = 0; start < values.Length;)
        {
            Span<float> part = values.Slice(start, Math.Min(_block, values.Length - start));
            int size = (int)PartBytes(part.Length);
            Dequantize(bytes[..size], part, start);
            start += part.Length;
            bytes = bytes[size..];
        }
    }

    private long PartBytes(long elements) => HeaderBytes + (((elements * Bits) + 7) / 8);

    // False where a code would decode to infinity: a range of almost all floats with a zero point between two codes.
    private bool TryQuantize(ReadOnlySpan<float> values, float min, float max, Span<byte> bytes)
    {
        // Divided before they are subtracted, since the difference may be infinite.
        float scale = IsSymmetric ? MathF.Max(-min, max) / GreatestCode : (max / GreatestCode) - (min / GreatestCode);
        float inverse = BlockMath.Inverse(scale);
        int zero = IsSymmetric ? 0 : Code(-min * inverse);
        BinaryPrimitives.WriteSingleLittleEndian(bytes, scale);
        if (!IsSymmetric)
        {
            bytes[sizeof(float)] = (byte)zero;
        }

        Span<byte> codes = bytes[HeaderBytes..];
        codes.Clear();
        int done = Avx512Lanes.IsSupported
            ? IntegerLanes.Encode<Avx512Lanes>(values, inverse, zero, LeastCode, GreatestCode, Bits, codes)
            : Avx2Lanes.IsSupported
            ? IntegerLanes.Encode<Avx2Lanes>(values, inverse, zero, LeastCode, GreatestCode, Bits, codes)
            : IntegerLanes.Encode<PortableLanes>(values, inverse, zero, LeastCode, GreatestCode, Bits, codes);
        for (int i = done; i < values.Length; i++)
        {
            int code = Code((values[i] * inverse) + zero);
            codes[i * Bits / 8] |= unchecked((byte)(Bits == 8 ? code : (code & 15) << (i % 2 * 4)));
        }

        return float.IsFinite((GreatestCode - zero) * scale) && float.IsFinite((LeastCode - zero) * scale);
    }

    private int Code(float scaled) => BlockMath.NearestInt(Math.Clamp(scaled, LeastCode, GreatestCode));

    private void Dequantize(ReadOnlySpan<byte> bytes, Span<float> values, int start)
    {
        float scale = BinaryPrimitives.ReadSingleLittleEndian(bytes);
        int zero = IsSymmetric ? 0 : bytes[sizeof(float)];
        if (!float.IsFinite(scale) || zero > GreatestCode)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"The scale of the part from element {start} on is {scale}, its zero point {zero}: "
                + $"the scale must be finite and the zero point from 0 to {GreatestCode}."), nameof(bytes));
        }

        ReadOnlySpan<byte> codes = bytes[HeaderBytes..];
        int done = Avx512Lanes.IsSupported ? IntegerLanes.Decode<Avx512Lanes>(codes, scale, zero, LeastCode, Bits, values)
            : Avx2Lanes.IsSupported ? IntegerLanes.Decode<Avx2Lanes>(codes, scale, zero, LeastCode, Bits, values)
            : IntegerLanes.Decode<PortableLanes>(codes, scale, zero, LeastCode, Bits, values);
        for (int i = done; i < values.Length; i++)
        {
            int bits = codes[i * Bits / 8] >> (Bits == 8 ? 0 : i % 2 * 4) << (32 - Bits);
            int code = IsSymmetric ? bits >> (32 - Bits) : bits >>> (32 - Bits);
            if (code < LeastCode)
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"The code of element {start + i} is {code}; {Name} has {LeastCode} to {GreatestCode}."),
                    nameof(bytes));
            }

            values[i] = (code - zero) * scale;
        }
    }
}
