using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using LlmMath.Numerics.Vectors;

namespace LlmMath.Numerics.Quantization;

/// <summary>
/// NF4 with double quantization: the scales of <see cref="Nf4"/>'s blocks of 64 are stored in 8 bits themselves. A block's scale
/// is m ≈ n·c(k) + o: o the mean of all m, n the greatest |m − o| among 256 blocks, c 256 values of a dynamic exponent
/// (<see cref="DynamicMap"/>) and k the nearest of them. The four-bit codes are chosen by m itself. About 4.127 bits per weight.
/// Bytes: o (4), n of each 256 blocks (4 each), k of each block (1 each), then the 32 bytes of codes of each block, as NF4 has
/// them; a last block that is not full is filled up with zeros.
/// Sources: Dettmers et al., "QLoRA" (2023), section 3; bitsandbytes-foundation/bitsandbytes,
/// bitsandbytes/backends/default/ops.py, commit 0155ecc672fc. bitsandbytes keeps the four parts in arrays of their own.
/// </summary>
internal sealed class Nf4DoubleQuantized : NumberFormat
{
    private const int Block = 64, BlocksInGroup = 256, CodeBytes = 32;

    /// <inheritdoc/>
    public override string Name => "nf4-dq";

    /// <inheritdoc/>
    public override QuantizationScope Scope => QuantizationScope.Tensor;

    /// <inheritdoc/>
    public override int? BlockElements => null;

    /// <inheritdoc/>
    public override long ByteCount(long elements)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(elements);
        long blocks = Ceiling(elements, Block);
        return checked(sizeof(float) + (sizeof(float) * Ceiling(blocks, BlocksInGroup)) + (blocks * (1 + CodeBytes)));
    }

    /// <inheritdoc/>
    public override void Quantize(ReadOnlySpan<float> values, Span<byte> bytes)
    {
        SpanCheck.Bytes(bytes, values, ByteCount(values.Length), Name, nameof(bytes));
        int blocks = (int)Ceiling(values.Length, Block), groups = (int)Ceiling(blocks, BlocksInGroup);
        Span<byte> scaleCodes = bytes.Slice(sizeof(float) * (1 + groups), blocks),
            codes = bytes[(sizeof(float) * (1 + groups) + blocks)..];
        Span<byte> block = stackalloc byte[Nf4.CodesAt + CodeBytes];
        double sum = 0;
        for (int i = 0; i < blocks; i++)
        {
            ReadOnlySpan<float> part = values[(i * Block)..Math.Min(values.Length, (i + 1) * Block)];
            BlockQuantizer.Quantize<Nf4>(part, block);
            block[Nf4.CodesAt..].CopyTo(codes[(i * CodeBytes)..]);
            sum += BinaryPrimitives.ReadSingleLittleEndian(block);
        }

        float mean = blocks == 0 ? 0 : (float)(sum / blocks);
        BinaryPrimitives.WriteSingleLittleEndian(bytes, mean);
        for (int group = 0; group < groups; group++)
        {
            int from = group * BlocksInGroup, to = Math.Min(blocks, from + BlocksInGroup);
            float greatest = 0;
            for (int i = from; i < to; i++)
            {
                greatest = MathF.Max(greatest, MathF.Abs(ScaleOf(values, i) - mean));
            }

            // Near the largest float, n + o may round up to infinity, where the scale that they stand for is none.
            while (!float.IsFinite(greatest + mean))
            {
                greatest = MathF.BitDecrement(greatest);
            }

            BinaryPrimitives.WriteSingleLittleEndian(bytes[(sizeof(float) * (1 + group))..], greatest);
            float inverse = BlockMath.Inverse(greatest);
            for (int i = from; i < to; i++)
            {
                scaleCodes[i] = DynamicMap.Code((ScaleOf(values, i) - mean) * inverse);
            }
        }
    }

    /// <inheritdoc/>
    public override void Dequantize(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        SpanCheck.Bytes(bytes, values, ByteCount(values.Length), Name, nameof(bytes));
        int blocks = (int)Ceiling(values.Length, Block), groups = (int)Ceiling(blocks, BlocksInGroup);
        ReadOnlySpan<byte> scaleCodes = bytes.Slice(sizeof(float) * (1 + groups), blocks),
            codes = bytes[(sizeof(float) * (1 + groups) + blocks)..];
        float mean = BinaryPrimitives.ReadSingleLittleEndian(bytes);
        Span<byte> block = stackalloc byte[Nf4.CodesAt + CodeBytes];
        for (int i = 0; i < blocks; i++)
        {
            float greatest = BinaryPrimitives.ReadSingleLittleEndian(bytes[(sizeof(float) * (1 + (i / BlocksInGroup)))..]);
            float scale = (greatest * DynamicMap.Values[scaleCodes[i]]) + mean;
            if (!float.IsFinite(scale))
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"The scale of block {i} is {scale}; it must be finite."), nameof(bytes));
            }

            BinaryPrimitives.WriteSingleLittleEndian(block, scale);
            codes.Slice(i * CodeBytes, CodeBytes).CopyTo(block[Nf4.CodesAt..]);
            BlockQuantizer.Dequantize<Nf4>(block, values[(i * Block)..Math.Min(values.Length, (i + 1) * Block)]);
        }
    }

    private static float ScaleOf(ReadOnlySpan<float> values, int block) =>
        Lanes.MaxMagnitude(values[(block * Block)..Math.Min(values.Length, (block + 1) * Block)]);

    private static long Ceiling(long count, long size) => (count / size) + (count % size == 0 ? 0 : 1);
}
