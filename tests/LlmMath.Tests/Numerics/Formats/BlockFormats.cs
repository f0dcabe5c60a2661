using LlmMath.Numerics.Formats;
using LlmMath.Numerics.Vectors;

namespace LlmMath.Tests.Numerics.Formats;

/// <summary>A block format behind delegates, so that one test covers all of them.</summary>
public sealed record BlockFormat(
    string Name, int Elements, int Bytes, BlockFormat.Encoder TryEncode, BlockFormat.Decoder TryDecode,
    BlockFormat.Encode Quantize, BlockFormat.Decode Dequantize, IReadOnlyList<BlockFormat.Path> Paths)
{
    public delegate bool Encoder(ReadOnlySpan<float> values, Span<byte> block);

    public delegate bool Decoder(ReadOnlySpan<byte> block, Span<float> values);

    public delegate int ManyEncoder(ReadOnlySpan<float> values, Span<byte> blocks);

    public delegate int ManyDecoder(ReadOnlySpan<byte> blocks, Span<float> values);

    public delegate void Encode(ReadOnlySpan<float> values, Span<byte> blocks);

    public delegate void Decode(ReadOnlySpan<byte> blocks, Span<float> values);

    public static IReadOnlyList<BlockFormat> All { get; } =
    [
        Of<Fp32>(), OfVectors<Fp16>(), OfVectors<Bf16>(), OfVectors<Fp8E4M3>(), OfVectors<Fp8E5M2>(), OfVectors<Fp4E2M1>(),
        OfVectors<Nf4>(), OfVectors<MxFp4>(), OfVectors<NvFp4>(), OfVectors<Q8_0>(), OfVectors<Q4_0>(), OfVectors<Q4_1>(),
        OfVectors<Q5_0>(), OfVectors<Q5_1>(), OfVectors<IQ4_NL>(),
        OfVectors<Q2_K>(), OfVectors<Q3_K>(), OfVectors<Q4_K>(), OfVectors<Q5_K>(), OfVectors<Q6_K>(),
    ];

    public static TheoryData<string> Names => [.. All.Select(format => format.Name)];

    public static TheoryData<string> NamesWithScales =>
        [.. All.Where(format => format.Elements > 2).Select(format => format.Name)];

    public static BlockFormat Find(string name) => All.Single(format => format.Name == name);

    public override string ToString() => Name;

    private static BlockFormat Of<T>()
        where T : struct, IBlockFormat => new(
            T.Name, T.BlockElements, T.BlockBytes, T.TryEncode, T.TryDecode,
            BlockQuantizer.Quantize<T>, BlockQuantizer.Dequantize<T>, [new("public", T.EncodeBlocks, T.DecodeBlocks)]);

    // Every path that this processor has, whichever the public one takes.
    private static BlockFormat OfVectors<T>()
        where T : struct, IBlockFormat, IVectorForm
    {
        BlockFormat format = Of<T>();
        return format with { Paths = [.. format.Paths, .. Paths<Avx512Lanes>(), .. Paths<Avx2Lanes>(),
            .. Paths<PortableLanes>()] };

        static IEnumerable<Path> Paths<TLanes>()
            where TLanes : struct, ILanes =>
            TLanes.IsSupported ? [new(typeof(TLanes).Name, T.Encode<TLanes>, T.Decode<TLanes>)] : [];
    }

    /// <summary>The loops over many blocks, compiled for an instruction set.</summary>
    public sealed record Path(string Name, ManyEncoder Encode, ManyDecoder Decode);
}
