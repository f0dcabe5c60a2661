using System.Globalization;
using LlmMath.Architectures;

namespace LlmMath.Formats;

/// <summary>
/// Schemes that quantize the linear layers of the blocks and leave embeddings, head, norms, router and state parameters in 16
/// bits. Sources: MXFP8, MXFP6, MXFP4: OCP Microscaling Formats 1.0, table 1; W4A8: sgl-project/sglang,
/// python/sglang/srt/layers/quantization/w4afp8.py, commit 007baab6e1d2; EXL3: turboderp-org/exllamav3,
/// exllamav3/modules/quant/exl3.py, commit 377c8423be84; AWQ (qweight, qzeros, scales): casper-hansen/AutoAWQ@88e4c76,
/// awq/modules/linear/gemm.py; GPTQ (the same and g_idx), FP8 in tiles (weight_scale_inv) and NVFP4 (weight_scale,
/// weight_scale_2, input_scale): vllm-project/vllm (fork ROCm/vllm@f8c9a3852), vllm/model_executor/layers/quantization/gptq.py,
/// fp8.py and modelopt.py; NF4 and double quantization:
/// bitsandbytes-foundation/bitsandbytes@95f9af30, bitsandbytes/functional.py, <c>QuantState</c> and
/// <c>quantize_4bit</c>.
/// </summary>
internal sealed record LinearWeights : WeightFormat
{
    private static readonly TensorEncoding s_half = new("bf16", 1, 16);

    private readonly TensorEncoding _encoding;
    private readonly int _elementBits;

    private LinearWeights(string name, int elementBits, TensorEncoding encoding, ProductFormat products = ProductFormat.Half,
        FormatGroup group = FormatGroup.Checkpoint)
        : base(name, group, products) => (_elementBits, _encoding) = (elementBits, encoding);

    /// <summary>Which linear layers the scheme takes.</summary>
    private enum Reach
    {
        /// <summary>All of the blocks.</summary>
        Blocks,

        /// <summary>Of a mixture the experts; of a dense model all.</summary>
        Experts,

        /// <summary>The feed-forward layers, but not those of the first and last block.</summary>
        InnerFeedForward,

        /// <summary>All of the blocks, and the head.</summary>
        BlocksAndHead,
    }

    public static new LinearWeights Fp8 { get; } = new("fp8", 8, new("fp8", 1, 8) { OutputBytes = 4 }, ProductFormat.Float8);

    public static new LinearWeights Int8 { get; } = new("int8", 8, new("int8", 1, 8) { OutputBytes = 4 }, ProductFormat.Integer8);

    public static new LinearWeights Fp4 { get; } = new("fp4", 4, new("fp4", 1, 4) { MatrixBytes = 4 }, ProductFormat.Float4);

    public static new LinearWeights Int4 { get; } = new("int4", 4, new("int4", 1, 4) { OutputBytes = 4 });

    // A group: 128 codes of 4 bits, a 16-bit scale, a 4-bit zero point. GPTQ adds the group of each input.
    public static new LinearWeights Gptq4Bit128G { get; } =
        new("gptq-4bit-128g", 4, new("gptq", 128, (128 * 4) + 16 + 4) { InputBytes = 4 })
        {
            Mix = PublishedMix.MixturesAndRecurrent,
        };

    public static new LinearWeights Awq4Bit128G { get; } =
        new("awq-4bit-128g", 4, new("awq", 128, (128 * 4) + 16 + 4)) { Mix = PublishedMix.MixturesAndRecurrent };

    // A block: 64 codes of 4 bits and a float32 maximum; the table of 16 float32 codes beside each matrix.
    public static new LinearWeights Nf4 { get; } =
        new("nf4", 4, new("nf4", 64, (64 * 4) + 32) { IsFlat = true, MatrixBytes = 64 });

    // Double quantization: the maxima in 8 bits, and a float32 for each 256 of them, their own table of 256 and an offset.
    public static LinearWeights Nf4Double { get; } = new("nf4-dq", 4,
        new("nf4-dq", 256 * 64, (256 * ((64 * 4) + 8)) + 32) { IsFlat = true, MatrixBytes = 64 + 1024 + 4 });

    // A block: 32 codes of 4 bits and an 8-bit exponent.
    public static new LinearWeights Mxfp4 { get; } =
        new("mxfp4", 4, new("mxfp4", 32, (32 * 4) + 8), ProductFormat.Float4) { Takes = Reach.Experts };

    // As vLLM loads it on H100: rows padded to 256, by two logged sizes (gpt-oss 20b and 120b: 6.4 to 6.9 % over the file's
    // experts; 2,880 to 3,072 is 6.7 %). Where Marlin's kernels run it pads rows of the hidden size to 256 and of the
    // intermediate size to 128: 2 % more (vllm/model_executor/layers/quantization/mxfp4.py).
    public static LinearWeights Mxfp4Padded { get; } =
        new("mxfp4", 4, new("mxfp4", 256, 8 * ((32 * 4) + 8)), ProductFormat.Float4) { Takes = Reach.Experts };

    // A block: 16 codes of 4 bits and an e4m3 scale; float32 scales of the weight and of the input beside each matrix.
    public static new LinearWeights Nvfp4 { get; } =
        new("nvfp4", 4, new("nvfp4", 16, (16 * 4) + 8) { MatrixBytes = 8 }, ProductFormat.Float4) { Mix = PublishedMix.All };

    /// <summary>W4A8's experts: 128 codes of 4 bits and a 16-bit scale; a 16-bit scale of the input beside each
    /// matrix.</summary>
    public static TensorEncoding W4A8Experts { get; } = new("w4a8", 128, (128 * 4) + 16) { MatrixBytes = 2 };

    public static new ValueList<WeightFormat> All { get; } =
    [
        Fp8,
        new LinearWeights("fp8-e5m2", 8, new("fp8-e5m2", 1, 8) { OutputBytes = 4 }, ProductFormat.Float8),
        new LinearWeights("fp8-block-128", 8, new("fp8", 1, 8) { TileSide = 128 }, ProductFormat.Float8),
        // Llama-3.1-405B-FP8 as Meta published it. Source: huggingface.co/meta-llama/Llama-3.1-405B-FP8, modules_to_not_convert.
        new LinearWeights("fp8-fbgemm", 8, new("fp8", 1, 8) { OutputBytes = 4 }, ProductFormat.Float8)
        {
            Takes = Reach.InnerFeedForward,
        },
        Int8,
        Int4,
        Fp4,
        Gptq4Bit128G,
        new LinearWeights("gptq-4bit-32g", 4, new("gptq", 32, (32 * 4) + 16 + 4) { InputBytes = 4 })
        {
            Mix = PublishedMix.MixturesAndRecurrent,
        },
        new LinearWeights("gptq-4bit-ungrouped", 4, new("gptq", 1, 4) { InputBytes = 4, OutputBytes = 3 })
        {
            Mix = PublishedMix.MixturesAndRecurrent,
        },
        new LinearWeights("gptq-8bit-128g", 8, new("gptq", 128, (128 * 8) + 16 + 8) { InputBytes = 4 }),
        Awq4Bit128G,
        Nf4,
        Nf4Double,
        Mxfp4,
        Nvfp4,
        // A block: 32 floats of 8 or 6 bits and an 8-bit exponent.
        new LinearWeights("mxfp8", 8, new("mxfp8", 32, (32 * 8) + 8), ProductFormat.Float8),
        new LinearWeights("mxfp6", 6, new("mxfp6", 32, (32 * 6) + 8), ProductFormat.Float8),
        // Experts in 4-bit integers, all other linear layers in tiles of 8-bit floats.
        new LinearWeights("w4a8", 4, W4A8Experts, ProductFormat.Float8)
        {
            Takes = Reach.Experts,
            Beside = new("fp8", 1, 8) { TileSide = 128 },
        },
        // mlx-lm's affine groups of 64: a 16-bit scale and bias each; it quantizes embedding and head too.
        .. new[] { 3, 4, 5, 6, 8 }.Select(bits => MlxGroups($"mlx-{bits}bit", bits, 64)),
        .. new[] { 4, 5 }.Select(bits => MlxGroups($"mlx-{bits}bit-32g", bits, 32)),
        // MLC's groups of 32 codes and a 16-bit scale, embedding and head too. Source: github:mlc-ai/mlc-llm,
        // python/mlc_llm/quantization.
        new LinearWeights("q4f16_1", 4, new("q4f16_1", 32, (32 * 4) + 16), group: FormatGroup.Mlc)
        {
            TakesEmbedding = true,
            Takes = Reach.BlocksAndHead,
        },
        .. new[] { 2.5, 3, 3.5, 4, 4.5, 5, 6, 8 }.Select(Exl2),
        .. new[] { 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 8 }.Select(Exl3),
    ];

    /// <summary>The same scheme that quantizes the head too.</summary>
    public LinearWeights WithHead => field ??= this with { Takes = Reach.BlocksAndHead };

    public override int? ElementBits => _elementBits;

    internal override PublishedMix PublishedMix => Mix;

    private PublishedMix Mix { get; init; }

    private Reach Takes { get; init; }

    private bool TakesEmbedding { get; init; }

    /// <summary>How what it takes is stored.</summary>
    public TensorEncoding Encoding => _encoding;

    private TensorEncoding? HeadEncoding { get; init; }

    /// <summary>How linear layers are stored that it does not take; null for 16 bits.</summary>
    private TensorEncoding? Beside { get; init; }

    // ExLlamaV3's tiles of 256 codes, of which a file's average is what one asks for: a 16-bit scale for each input and output
    // and a 32-bit word a matrix; the head takes 6 bits.
    private static LinearWeights Exl3(double bits) => new(
        FormattableString.Invariant($"exl3-{bits:0.0}bpw"), (int)Math.Ceiling(bits), OfExl3(bits), group: FormatGroup.Exl3)
    {
        HeadEncoding = OfExl3(6),
    };

    private static TensorEncoding OfExl3(double bits) =>
        new("exl3", 10, (int)(10 * bits)) { InputBytes = 2, OutputBytes = 2, MatrixBytes = 4 };

    // ExLlamaV2's mixes of 2 to 8 bits, of which the average is what one asks for; the head takes "6" bits, which are 6.3.
    // Source: github:turboderp-org/exllamav2@c03f85e:doc/convert.md, --bits and --head_bits.
    private static LinearWeights Exl2(double bits) => new(
        FormattableString.Invariant($"exl2-{bits:0.0}bpw"), (int)Math.Ceiling(bits),
        new("exl2", 10, (int)(10 * bits)), group: FormatGroup.Exl2)
    {
        HeadEncoding = new("exl2", 10, 63),
    };

    private static LinearWeights MlxGroups(string name, int bits, int group) =>
        new(name, bits, new(name, group, (group * bits) + 32), group: FormatGroup.Mlx)
        {
            TakesEmbedding = true,
            Takes = Reach.BlocksAndHead,
            Mix = bits == 4 ? PublishedMix.MixturesAndRecurrent : PublishedMix.None,
        };

    internal override TensorEncoding Encode(in MatrixPlace place) =>
        place.Kind == MatrixKind.Head && HeadEncoding is { } head ? head : Takes switch
        {
            _ when place.Kind == MatrixKind.Embedding => TakesEmbedding,
            Reach.BlocksAndHead => place.Kind.IsLinear() || place.Kind is MatrixKind.Head or MatrixKind.Router,
            Reach.Experts => place.Facts.Experts > 0 ? place.IsExpert && place.Kind.IsLinear() : place.Kind.IsLinear(),
            Reach.InnerFeedForward => place.Kind is MatrixKind.Up or MatrixKind.Down
                && place.Layer != 0 && place.Layer != place.Facts.Layers - 1,
            _ => place.Kind.IsLinear(),
        } ? _encoding : place.Kind.IsLinear() && Beside is { } beside ? beside : s_half;

    internal override bool VariesByLayer(MatrixKind kind) =>
        Takes == Reach.InnerFeedForward && kind is MatrixKind.Up or MatrixKind.Down;
}
