namespace LlmMath.Numerics.Quantization;

/// <summary>A block format as a value.</summary>
internal sealed class BlockNumberFormat<TFormat>(string? name = null) : NumberFormat
    where TFormat : struct, IBlockFormat
{
    /// <inheritdoc/>
    public override string Name => name ?? TFormat.Name;

    /// <inheritdoc/>
    public override QuantizationScope Scope => QuantizationScope.Block;

    /// <inheritdoc/>
    public override int? BlockElements => TFormat.BlockElements;

    /// <inheritdoc/>
    public override long ByteCount(long elements) => BlockQuantizer.ByteCount<TFormat>(elements);

    /// <inheritdoc/>
    public override void Quantize(ReadOnlySpan<float> values, Span<byte> bytes) =>
        BlockQuantizer.Quantize<TFormat>(values, bytes);

    /// <inheritdoc/>
    public override void Dequantize(ReadOnlySpan<byte> bytes, Span<float> values) =>
        BlockQuantizer.Dequantize<TFormat>(bytes, values);
}
