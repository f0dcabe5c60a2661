using LlmMath.Numerics.Vectors;

namespace LlmMath.Numerics.Formats;

/// <summary>The loops of a block format over many blocks, compiled for each instruction set: the same bits as its scalar
/// definition.</summary>
internal interface IVectorForm
{
    /// <inheritdoc cref="IBlockFormat.EncodeBlocks"/>
    static abstract int Encode<TLanes>(ReadOnlySpan<float> values, Span<byte> blocks)
        where TLanes : struct, ILanes;

    /// <inheritdoc cref="IBlockFormat.DecodeBlocks"/>
    static abstract int Decode<TLanes>(ReadOnlySpan<byte> blocks, Span<float> values)
        where TLanes : struct, ILanes;
}

/// <summary>Runs a format's vector form on the widest instruction set that this processor has.</summary>
internal static class VectorForm
{
    /// <inheritdoc cref="IBlockFormat.EncodeBlocks"/>
    public static int Encode<TFormat>(ReadOnlySpan<float> values, Span<byte> blocks)
        where TFormat : struct, IVectorForm =>
        Avx512Lanes.IsSupported ? TFormat.Encode<Avx512Lanes>(values, blocks)
        : Avx2Lanes.IsSupported ? TFormat.Encode<Avx2Lanes>(values, blocks)
        : TFormat.Encode<PortableLanes>(values, blocks);

    /// <inheritdoc cref="IBlockFormat.DecodeBlocks"/>
    public static int Decode<TFormat>(ReadOnlySpan<byte> blocks, Span<float> values)
        where TFormat : struct, IVectorForm =>
        Avx512Lanes.IsSupported ? TFormat.Decode<Avx512Lanes>(blocks, values)
        : Avx2Lanes.IsSupported ? TFormat.Decode<Avx2Lanes>(blocks, values)
        : TFormat.Decode<PortableLanes>(blocks, values);
}
