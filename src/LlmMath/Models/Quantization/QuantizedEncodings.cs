using LlmMath.Architectures;

namespace LlmMath.Models.Quantization;

/// <summary>
/// Layouts of quantized tensors in checkpoints. Sources: e4m3 in tiles (<c>weight_scale_inv</c>): vllm-project/vllm (fork
/// ROCm/vllm@f8c9a3852), quantization/fp8.py; MXFP8, MXFP4: OCP Microscaling Formats 1.0, table 1; NVFP4: the same vLLM,
/// quantization/modelopt.py; packed integers (<c>weight_packed</c>, <c>weight_scale</c>, <c>weight_shape</c>): the file of
/// inclusionAI/Ling-3.0-flash-int4; HQQ: mobiusml/hqq@0b32d9b, hqq/core/quantize.py; AQLM: Vahe1994/AQLM,
/// inference_lib/src/aqlm/inference.py; EXL3: turboderp-org/exllamav3@377c842, exllamav3/modules/quant/exl3.py.
/// </summary>
internal static class QuantizedEncodings
{
    /// <summary>16-bit scales.</summary>
    private const int Half = 16;

    /// <summary>MXFP4: 32 codes of 4 bits and an 8-bit exponent.</summary>
    public static TensorEncoding Mxfp4 { get; } = new("mxfp4", 32, (32 * 4) + 8);

    /// <summary>MXFP8: 32 floats of 8 bits and an 8-bit exponent.</summary>
    public static TensorEncoding Mxfp8 { get; } = new("mxfp8", 32, (32 * 8) + 8);

    /// <summary>NVFP4: 16 codes of 4 bits and an e4m3 scale; float32 scales of the weight and of the input beside each
    /// matrix.</summary>
    public static TensorEncoding Nvfp4 { get; } = new("nvfp4", 16, (16 * 4) + 8) { MatrixBytes = 8 };

    /// <summary>The same without a scale of the input: products are made in 16 bits.</summary>
    public static TensorEncoding Nvfp4WeightOnly { get; } = new("nvfp4", 16, (16 * 4) + 8) { MatrixBytes = 4 };

    /// <summary>8-bit floats with float32 scales of the matrix and of the input.</summary>
    public static TensorEncoding Fp8 { get; } = new("fp8", 1, 8) { MatrixBytes = 8 };

    /// <summary>8-bit floats with a scale for each output.</summary>
    public static TensorEncoding Fp8Rows(int scaleBytes) => new("fp8", 1, 8) { OutputBytes = scaleBytes };

    /// <summary>8-bit floats with a scale for each square tile.</summary>
    public static TensorEncoding Fp8Tiles(int side, int scaleBytes) =>
        new("fp8", 1, 8) { TileSide = side, TileScaleBytes = scaleBytes };

    /// <summary>8-bit floats with a scale for each so many of a row.</summary>
    public static TensorEncoding Fp8Groups(int group, int scaleBytes) => new("fp8", group, 8 * (group + scaleBytes));

    /// <summary>Packed integers in groups along the inputs: a 16-bit scale each and, where they are not symmetric, a zero point
    /// of as many bits as a code; the shape in two 64-bit integers beside.</summary>
    /// <param name="bits">Bits of a code.</param>
    /// <param name="group">Codes of a group; null for a row's scale.</param>
    /// <param name="hasZeros">Whether there are zero points.</param>
    /// <param name="hasIndex">Whether the group of each input is stored, in 32 bits.</param>
    public static TensorEncoding Integers(int bits, int? group, bool hasZeros, bool hasIndex) =>
        Grouped($"int{bits}", bits, group, hasZeros ? bits : 0) with { InputBytes = hasIndex ? 4 : 0, MatrixBytes = 16 };

    /// <summary>AWQ's and GPTQ's words: codes, a 16-bit scale and a zero point for each group; GPTQ the group of each
    /// input.</summary>
    public static TensorEncoding Words(string method, int bits, int? group) =>
        Grouped(method, bits, group, bits) with { InputBytes = method == "gptq" ? 4 : 0 };

    /// <summary>HQQ's and MLX's groups: codes, a 16-bit scale and a 16-bit zero point or bias.</summary>
    public static TensorEncoding Affine(string method, int bits, int group) => new(method, group, (group * bits) + (2 * Half));

    /// <summary>AQLM: for each group of inputs a code of each codebook in whole bytes, a 16-bit scale for each output, and the
    /// codebooks beside each matrix, 16 bits an element.</summary>
    public static TensorEncoding Aqlm(int codebooks, int codeBits, int group) =>
        new("aqlm", group, codebooks * (codeBits <= 8 ? 8 : 16))
        {
            OutputBytes = 2,
            MatrixBytes = codebooks * (1 << codeBits) * group * 2,
        };

    /// <summary>EXL3: tiles of 256 codes of so many bits, a 16-bit sign or scale for each input and output, a 32-bit word beside.
    /// Hundredths of a bit, since files mix tiles.</summary>
    public static TensorEncoding Exl3(double bits) =>
        new("exl3", 100, (int)Math.Round(100 * bits)) { InputBytes = 2, OutputBytes = 2, MatrixBytes = 4 };

    private static TensorEncoding Grouped(string name, int bits, int? group, int zeroBits) => group is { } size
        ? new(name, size, (size * bits) + Half + zeroBits)
        : new(name, 1, bits) { OutputBytes = 2 + ((zeroBits + 7) / 8) };
}
