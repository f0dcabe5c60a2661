using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using LlmMath.Numerics.Vectors;

namespace LlmMath.Numerics.Quantization;

/// <summary>
/// A format without room for any magnitude, with one fp32 scale for the tensor: x ≈ s·y, s = max|x| ÷ largest, y the format's
/// nearest to x ÷ s. So NVFP4 is defined, and so FP8 checkpoints are stored. Bytes: s (4, little-endian), then those of the
/// format.
/// A tensor of zeros, or one whose s would be subnormal, has s = 1. Sources: NVIDIA, "Introducing NVFP4 for Efficient and
/// Accurate Low-Precision Inference" (2025); vllm-project/vllm, docs, "FP8 W8A8".
/// </summary>
/// <param name="name">The name.</param>
/// <param name="largest">The largest magnitude that the format holds.</param>
internal sealed class TensorScaledFormat<TFormat>(string name, float largest) : NumberFormat
    where TFormat : struct, IBlockFormat
{
    private const int PartElements = 1024;

    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override QuantizationScope Scope => QuantizationScope.Tensor;

    /// <inheritdoc/>
    public override int? BlockElements => null;

    /// <inheritdoc/>
    public override long ByteCount(long elements) => BlockQuantizer.ByteCount<TFormat>(elements) is var codes
        && codes <= long.MaxValue - sizeof(float) ? sizeof(float) + codes
        : throw SpanCheck.TooMany(elements, nameof(elements));

    /// <inheritdoc/>
    public override void Quantize(ReadOnlySpan<float> values, Span<byte> bytes)
    {
        SpanCheck.Bytes(bytes, values, ByteCount(values.Length), Name, nameof(bytes));
        float greatest = Lanes.MaxMagnitude(values);
        if (!float.IsFinite(greatest))
        {
            throw SpanCheck.NotEncodable(values, 0, values.Length, Name);
        }

        float scale = greatest / largest < BlockMath.LeastNormal ? 1 : greatest / largest;
        BinaryPrimitives.WriteSingleLittleEndian(bytes, scale);
        Span<float> part = stackalloc float[PartElements / TFormat.BlockElements * TFormat.BlockElements];
        for (Span<byte> to = bytes[sizeof(float)..]; values.Length > 0;)
        {
            int count = Math.Min(part.Length, values.Length), size = (int)BlockQuantizer.ByteCount<TFormat>(count);
            Divide(values[..count], scale, part);

            BlockQuantizer.Quantize<TFormat>(part[..count], to[..size]);
            values = values[count..];
            to = to[size..];
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Dequantize(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        SpanCheck.Bytes(bytes, values, ByteCount(values.Length), Name, nameof(bytes));
        float scale = BinaryPrimitives.ReadSingleLittleEndian(bytes);
        if (!float.IsFinite(scale))
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"The tensor's scale is {scale}; it must be finite."), nameof(bytes));
        }

        BlockQuantizer.Dequantize<TFormat>(bytes[sizeof(float)..], values);
        int whole = values.Length - (values.Length % Vector512<float>.Count);
        for (int i = 0; i < whole; i += Vector512<float>.Count)
        {
            (Vector512.Create<float>(values[i..]) * scale).CopyTo(values[i..]);
        }

        foreach (ref float value in values[whole..])
        {
            value *= scale;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Divide(ReadOnlySpan<float> values, float scale, Span<float> quotients)
    {
        int whole = values.Length - (values.Length % Vector512<float>.Count);
        Vector512<float> divisor = Vector512.Create(scale), most = Vector512.Create(largest);
        for (int i = 0; i < whole; i += Vector512<float>.Count)
        {
            Vector512.Min(Vector512.Max(Vector512.Create(values[i..]) / divisor, -most), most).CopyTo(quotients[i..]);
        }

        for (int i = whole; i < values.Length; i++)
        {
            quotients[i] = Math.Clamp(values[i] / scale, -largest, largest);
        }
    }
}
