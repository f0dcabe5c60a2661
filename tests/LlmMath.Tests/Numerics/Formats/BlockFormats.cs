namespace LlmMath.Tests.Numerics.Formats;

/// <summary>A block format behind delegates, so that one test covers all of them.</summary>
public sealed record BlockFormat(
    string Name, int Elements, int Bytes, BlockFormat.Encoder TryEncode, BlockFormat.Decoder TryDecode, BlockFormat.ManyEncoder EncodeBlocks,
    BlockFormat.ManyDecoder DecodeBlocks, BlockFormat.Encode Quantize, BlockFormat.Decode Dequantize)
{
    public delegate bool Encoder(ReadOnlySpan<float> values, Span<byte> block);

    public delegate bool Decoder(ReadOnlySpan<byte> block, Span<float> values);

    public delegate int ManyEncoder(ReadOnlySpan<float> values, Span<byte> blocks);

    public delegate int ManyDecoder(ReadOnlySpan<byte> blocks, Span<float> values);

    public delegate void Encode(ReadOnlySpan<float> values, Span<byte> blocks);

    public delegate void Decode(ReadOnlySpan<byte> blocks, Span<float> values);

    public static IReadOnlyList<BlockFormat> All { get; } =
    [
        Of<Fp32>(), Of<Fp16>(), Of<Bf16>(), Of<Fp8E4M3>(), Of<Fp8E5M2>(), Of<Fp4E2M1>(), Of<Nf4>(), Of<MxFp4>(), Of<NvFp4>(),
        Of<Q8_0>(), Of<Q4_0>(), Of<Q4_1>(), Of<Q5_0>(), Of<Q5_1>(), Of<Q2_K>(), Of<Q3_K>(), Of<Q4_K>(), Of<Q5_K>(), Of<Q6_K>(), Of<IQ4_NL>(),
    ];

    public static TheoryData<string> Names => [.. All.Select(format => format.Name)];

    public static TheoryData<string> NamesWithScales => [.. All.Where(format => format.Elements > 2).Select(format => format.Name)];

    public static BlockFormat Find(string name) => All.Single(format => format.Name == name);

    public override string ToString() => Name;

    private static BlockFormat Of<T>()
        where T : struct, IBlockFormat => new(
            T.Name, T.BlockElements, T.BlockBytes, T.TryEncode, T.TryDecode, T.EncodeBlocks, T.DecodeBlocks, BlockQuantizer.Quantize<T>, BlockQuantizer.Dequantize<T>);
}
