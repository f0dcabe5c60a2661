using System.Globalization;
using LlmMath.Numerics.Kernels;

namespace LlmMath.Numerics;

/// <summary>A number format that <see cref="PackedMatrix"/> holds weights in.</summary>
public sealed class MatrixFormat
{
    private readonly ProductKind _floatProduct;
    private readonly ProductKind? _q8Product;

    private MatrixFormat(
        string name, int blockElements, int blockBytes, int tileElements, BlockEncoder encode, TilePacker pack,
        ProductKind floatProduct, ProductKind? q8Product)
    {
        (Name, BlockElements, BlockBytes, TileElements, Encode, Pack) =
            (name, blockElements, blockBytes, tileElements, encode, pack);
        (_floatProduct, _q8Product) = (floatProduct, q8Product);
    }

    /// <summary>Encodes a whole number of blocks; returns how many it could before the first that the format cannot
    /// hold.</summary>
    internal delegate int BlockEncoder(ReadOnlySpan<float> values, Span<byte> blocks);

    /// <summary>32-bit floats: <see cref="LlmMath.Numerics.Fp32"/>.</summary>
    public static MatrixFormat Fp32 { get; } = Of<Fp32>(8, TilePackers.Elements, ProductKind.Fp32, null);

    /// <summary>16-bit floats: <see cref="LlmMath.Numerics.Fp16"/>.</summary>
    public static MatrixFormat Fp16 { get; } = Of<Fp16>(8, TilePackers.Elements, ProductKind.Fp16, null);

    /// <summary>bfloat16: <see cref="LlmMath.Numerics.Bf16"/>.</summary>
    public static MatrixFormat Bf16 { get; } = Of<Bf16>(8, TilePackers.Elements, ProductKind.Bf16, null);

    /// <summary>GGUF's Q8_0: <see cref="LlmMath.Numerics.Q8_0"/>.</summary>
    public static MatrixFormat Q8_0 { get; } =
        Of<Q8_0>(64, (part, lane) => BlockPackers.ScaledPair(part, lane, LlmMath.Numerics.Q8_0.BlockBytes), ProductKind.Q8_0Float,
            ProductKind.Q8_0);

    /// <summary>GGUF's Q4_0: <see cref="LlmMath.Numerics.Q4_0"/>.</summary>
    public static MatrixFormat Q4_0 { get; } =
        Of<Q4_0>(64, (part, lane) => BlockPackers.ScaledPair(part, lane, LlmMath.Numerics.Q4_0.BlockBytes), ProductKind.Q4_0Float,
            ProductKind.Q4_0);

    /// <summary>GGUF's Q4_1: <see cref="LlmMath.Numerics.Q4_1"/>.</summary>
    public static MatrixFormat Q4_1 { get; } = Of<Q4_1>(32, BlockPackers.Q4_1, ProductKind.Q4_1Float, ProductKind.Q4_1);

    /// <summary>GGUF's Q5_0: <see cref="LlmMath.Numerics.Q5_0"/>.</summary>
    public static MatrixFormat Q5_0 { get; } = Of<Q5_0>(64, BlockPackers.Q5_0, ProductKind.Q5_0Float, ProductKind.Q5_0);

    /// <summary>GGUF's Q5_1: <see cref="LlmMath.Numerics.Q5_1"/>.</summary>
    public static MatrixFormat Q5_1 { get; } = Of<Q5_1>(32, BlockPackers.Q5_1, ProductKind.Q5_1Float, ProductKind.Q5_1);

    /// <summary>GGUF's Q2_K: <see cref="LlmMath.Numerics.Q2_K"/>.</summary>
    public static MatrixFormat Q2_K { get; } = Of<Q2_K>(256, BlockPackers.Q2_K, ProductKind.Q2_KFloat, ProductKind.Q2_K);

    /// <summary>GGUF's Q3_K: <see cref="LlmMath.Numerics.Q3_K"/>.</summary>
    public static MatrixFormat Q3_K { get; } = Of<Q3_K>(512, BlockPackers.Q3_K, ProductKind.Q3_KFloat, ProductKind.Q3_K);

    /// <summary>GGUF's Q4_K: <see cref="LlmMath.Numerics.Q4_K"/>.</summary>
    public static MatrixFormat Q4_K { get; } = Of<Q4_K>(256, BlockPackers.Q4_K, ProductKind.Q4_KFloat, ProductKind.Q4_K);

    /// <summary>GGUF's Q5_K: <see cref="LlmMath.Numerics.Q5_K"/>.</summary>
    public static MatrixFormat Q5_K { get; } = Of<Q5_K>(256, BlockPackers.Q5_K, ProductKind.Q5_KFloat, ProductKind.Q5_K);

    /// <summary>GGUF's Q6_K: <see cref="LlmMath.Numerics.Q6_K"/>.</summary>
    public static MatrixFormat Q6_K { get; } = Of<Q6_K>(512, BlockPackers.Q6_K, ProductKind.Q6_KFloat, ProductKind.Q6_K);

    /// <summary>Every format that a matrix can be packed in.</summary>
    public static IReadOnlyList<MatrixFormat> All { get; } =
        [Fp32, Fp16, Bf16, Q8_0, Q6_K, Q5_K, Q5_1, Q5_0, Q4_K, Q4_1, Q4_0, Q3_K, Q2_K];

    /// <summary>The usual name: <c>q4_0</c>.</summary>
    public string Name { get; }

    /// <summary>Elements in a stored block, 1 or more.</summary>
    public int BlockElements { get; }

    /// <summary>Bytes of a stored block, scales included.</summary>
    public int BlockBytes { get; }

    /// <summary>Bits a weight takes, scales included.</summary>
    public double BitsPerWeight => 8.0 * BlockBytes / BlockElements;

    /// <summary>What the vector is rounded to unless asked otherwise: Q8 for the block formats, not at all for floats.</summary>
    public ActivationFormat UsualActivations => _q8Product is null ? ActivationFormat.Fp32 : ActivationFormat.Q8;

    /// <summary>Columns of a tile.</summary>
    internal int TileElements { get; }

    internal BlockEncoder Encode { get; }

    internal TilePacker Pack { get; }

    /// <summary>Rounds values to blocks as the format stores them.</summary>
    /// <param name="values">Whole blocks.</param>
    /// <param name="blocks"><see cref="BlockBytes"/> for each block.</param>
    /// <returns>The blocks written before the first that the format cannot hold: all of them, if it holds them all.</returns>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    public int Quantize(ReadOnlySpan<float> values, Span<byte> blocks)
    {
        if (values.Length % BlockElements != 0)
        {
            throw new ArgumentException($"{Name} has blocks of {BlockElements} values.", nameof(values));
        }

        if (blocks.Length != (long)values.Length / BlockElements * BlockBytes)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"{values.Length:N0} values are {(long)values.Length / BlockElements * BlockBytes:N0} bytes."), nameof(blocks));
        }

        return Encode(values, blocks);
    }

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    /// <summary>The kernel for activations, or null where there is none.</summary>
    internal ProductKernel? Kernel(ActivationFormat activations, KernelPath path, bool hasSpecials) => activations switch
    {
        ActivationFormat.Fp32 => ProductKernels.Of(hasSpecials ? ProductKind.Fp16Any : _floatProduct, path),
        ActivationFormat.Q8 when _q8Product is { } product => ProductKernels.Of(product, path),
        _ => null,
    };

    private static MatrixFormat Of<TFormat>(int tileElements, TilePacker pack, ProductKind floatProduct, ProductKind? q8Product)
        where TFormat : IBlockFormat =>
        new(TFormat.Name, TFormat.BlockElements, TFormat.BlockBytes, tileElements, TFormat.EncodeBlocks, pack, floatProduct,
            q8Product);
}
