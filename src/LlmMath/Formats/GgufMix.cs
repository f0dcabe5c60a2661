using LlmMath.Architectures;
using static LlmMath.Formats.GgufEncodings;

namespace LlmMath.Formats;

/// <summary>
/// llama.cpp's file types: a default number format, and the rules by which its quantizer gives some tensors more bits or fewer.
/// Vectors, norms, routers, convolutions and positions stay in float32, as its converter writes them. Source: ggml-org/llama.cpp
/// (fork unslothai/llama.cpp), src/llama-quant.cpp, <c>llama_tensor_get_type_impl</c>, <c>llama_ftype_get_default_type</c> and
/// <c>tensor_allows_quantization</c>, commit d32676d77426. Queries, keys and values in one matrix follow the rule of
/// <c>attn_qkv</c>, as in every build before commit 1dab5f5a4 (2026-03-10): nearly all published files.
/// </summary>
internal sealed record GgufMix : WeightFormat
{
    private readonly TensorEncoding _default;
    private readonly string _mix;
    private readonly bool _hasImportances;

    private GgufMix(string name, TensorEncoding @default, bool hasImportances = false)
        : base(hasImportances ? name + "-imatrix" : name, FormatGroup.Gguf) =>
            (_mix, _default, _hasImportances) = (name, @default, hasImportances);

    public static new GgufMix Q4KM { get; } = new("q4_k_m", Q4K);

    public static new GgufMix Q8 { get; } = new("q8_0", Q80);

    public static new ValueList<WeightFormat> All { get; } =
    [
        Q8,
        new GgufMix("q4_0", Q40),
        new GgufMix("q4_1", Q41),
        new GgufMix("q5_0", Q50),
        new GgufMix("q5_1", Q51),
        new GgufMix("q2_k", Q2K),
        new GgufMix("q2_k_s", Q2K),
        new GgufMix("q3_k_s", Q3K),
        new GgufMix("q3_k_m", Q3K),
        new GgufMix("q3_k_l", Q3K),
        new GgufMix("q4_k_s", Q4K),
        Q4KM,
        new GgufMix("q5_k_s", Q5K),
        new GgufMix("q5_k_m", Q5K),
        new GgufMix("q6_k", Q6K),
        new GgufMix("iq4_nl", Iq4Nl),
        new GgufMix("iq4_xs", Iq4Xs),
        new GgufMix("iq3_xxs", Iq3Xxs),
        new GgufMix("iq3_xs", Iq3S),
        new GgufMix("iq3_s", Iq3S),
        new GgufMix("iq3_m", Iq3S),
        new GgufMix("iq2_xxs", Iq2Xxs),
        new GgufMix("iq2_xs", Iq2Xs),
        new GgufMix("iq2_s", Iq2Xs),
        new GgufMix("iq2_m", Iq2S),
        new GgufMix("iq1_s", Iq1S),
        new GgufMix("iq1_m", Iq1M),
        new GgufMix("tq1_0", Tq10),
        new GgufMix("tq2_0", Tq20),
        // With an importance matrix these few choose otherwise; the other mixes do not.
        new GgufMix("q4_0", Q40, hasImportances: true),
        new GgufMix("q5_0", Q50, hasImportances: true),
        new GgufMix("iq4_nl", Iq4Nl, hasImportances: true),
        new GgufMix("iq4_xs", Iq4Xs, hasImportances: true),
        new GgufMix("iq3_xxs", Iq3Xxs, hasImportances: true),
        new GgufMix("gguf-f16", F16),
        new GgufMix("gguf-bf16", BF16),
        new GgufMix("mxfp4_moe", GgufEncodings.Mxfp4),
    ];

    public override int? ElementBits => null;

    // These give the first eighth of the layers more bits, and most kinds of tensors their own format.
    private bool IsVeryLow => _mix is "iq2_xxs" or "iq2_xs" or "iq2_s" or "iq2_m" or "iq1_s" or "iq1_m";

    // Only what the rules below tell apart by layer: the fold then looks at each layer.
    internal override bool VariesByLayer(MatrixKind kind) => kind switch
    {
        MatrixKind.Value => _mix is "q3_k_m" or "q4_k_s" or "q4_k_m" or "q5_k_m",
        MatrixKind.Down => IsVeryLow || _mix is "q2_k_s" or "q3_k_m" or "q4_k_s" or "q4_k_m" or "q5_k_m" or "iq4_nl" or "iq4_xs"
            or "iq3_xxs" or "iq3_m" or "q4_0" or "q5_0",
        MatrixKind.Up => _mix == "iq3_xs",
        _ => false,
    };

    internal override TensorEncoding Encode(in MatrixPlace place) =>
        place.Kind is MatrixKind.None or MatrixKind.Router ? F32
        : _default.BlockElements == 1 ? _default
        : Fallback(Choose(place), place.Matrices);

    private TensorEncoding Choose(in MatrixPlace place) => place.Kind switch
    {
        MatrixKind.Head => Head(place),
        MatrixKind.Embedding when place.Facts.IsTied => Head(place),
        _ when _mix == "mxfp4_moe" => place.IsExpert ? GgufEncodings.Mxfp4 : Q80,
        MatrixKind.Embedding => Embedding(),
        _ when IsVeryLow => VeryLow(place),
        MatrixKind.Value => Value(place),
        MatrixKind.QueryKeyValue => _mix switch
        {
            "q3_k_m" or "q3_k_l" or "iq3_m" => Q4K,
            "q4_k_m" => Q5K,
            "q5_k_m" => Q6K,
            _ => _default,
        },
        MatrixKind.Key when place.Facts.Experts == 8 => Q80,
        MatrixKind.Key or MatrixKind.Query => _mix switch { "iq3_xs" => Iq3Xxs, "iq3_xxs" => Iq2S, _ => _default },
        MatrixKind.Down => Down(place),
        MatrixKind.AttentionOutput => AttentionOutput(place),
        MatrixKind.Up when _mix == "iq3_xs" && place.Ordinal >= place.Facts.Layers / 8
            && place.Ordinal < 7 * place.Facts.Layers / 8 => Iq3Xxs,
        _ => _default,
    };

    private TensorEncoding Head(in MatrixPlace place) =>
        _mix is "q8_0" or "mxfp4_moe" || place.Facts.Family == "falcon" || !_default.Divides(place.Matrices) ? Q80
        : IsVeryLow || _mix == "iq3_xxs" ? Q5K
        : Q6K;

    private TensorEncoding Embedding() => _mix switch
    {
        "iq2_xxs" or "iq2_xs" or "iq1_s" or "iq1_m" => Q2K,
        "iq2_s" or "iq2_m" or "iq3_xxs" => Iq3S,
        "tq1_0" or "tq2_0" => Q4K,
        _ => _default,
    };

    private TensorEncoding VeryLow(in MatrixPlace place)
    {
        bool larger = _mix is "iq2_s" or "iq2_m";
        TensorEncoding spared = larger ? Iq3S : Q2K;
        return place.Kind switch
        {
            MatrixKind.Value => place.Facts.QueriesPerKey >= 4 || place.Facts.Experts >= 4 ? Q4K : spared,
            MatrixKind.Key when place.Facts.Experts == 8 => Q4K,
            MatrixKind.Down when place.Ordinal < place.Facts.Layers / 8 => spared,
            MatrixKind.AttentionOutput when place.Facts.Experts == 8 => Q5K,
            MatrixKind.AttentionOutput when larger => Iq3S,
            MatrixKind.AttentionOutput when _mix is "iq1_s" or "iq1_m" => Iq2Xxs,
            _ => _default,
        };
    }

    private TensorEncoding Value(in MatrixPlace place)
    {
        QuantizerFacts facts = place.Facts;
        int at = place.Ordinal;
        bool shares = facts.QueriesPerKey >= 4;
        TensorEncoding chosen = _mix switch
        {
            "q2_k" => shares ? Q4K : Q3K,
            "q2_k_s" when shares => Q4K,
            "iq3_xxs" => shares ? Q4K : _hasImportances ? Iq3Xxs : Iq3S,
            "iq3_xs" or "iq3_s" when shares => Q4K,
            "iq3_m" => Q4K,
            "q3_k_m" => at < 2 ? Q5K : Q4K,
            "q3_k_l" => Q5K,
            "iq4_nl" or "iq4_xs" when shares => Q5K,
            "q4_k_m" or "q5_k_m" when MoreBits(at, facts.AttentionLayers) => Q6K,
            "q4_k_s" when at < 4 => Q5K,
            _ => _default,
        };
        if (Is70B(place) && chosen.Name is "Q3_K" or "Q4_K")
        {
            chosen = Q5K;
        }

        return facts.Experts == 8 ? Q80 : chosen;
    }

    // The models that llama.cpp takes for its 70B, by layers. Source: src/models/llama.cpp, qwen2.cpp, olmo.cpp, deci.cpp and
    // jais2.cpp of the same commit.
    private static bool Is70B(in MatrixPlace place) => place.Facts.Family switch
    {
        "llama" or "mistral" => place.Facts.Layers == 80 && place.Facts.QueriesPerKey > 1,
        "qwen2" or "olmo" or "nemotron-nas" => place.Facts.Layers == 80,
        "jais2" => place.Facts.Layers == 68,
        _ => false,
    };

    private TensorEncoding Down(in MatrixPlace place)
    {
        (int layer, int layers) = (place.Ordinal, place.Facts.Layers);
        bool falcon = place.Facts.Family == "falcon", first = layer < layers / 8;
        return _mix switch
        {
            "q2_k" => Q3K,
            "q2_k_s" when first => Q4K,
            "iq3_xxs" when !_hasImportances => first ? Q4K : Q3K,
            "q3_k_m" => layer < layers / 16 ? Q5K : !falcon || MoreBits(layer, layers) ? Q4K : Q3K,
            "iq3_m" when first || (place.Facts.Experts == 8 && MoreBits(layer, layers)) => Q4K,
            "q3_k_l" => falcon ? Q4K : Q5K,
            "q4_k_m" when falcon => layer < layers / 16 ? Q6K : MoreBits(layer, layers) ? Q5K : Q4K,
            "q4_k_m" or "q5_k_m" when MoreBits(layer, layers) => Q6K,
            "iq4_nl" or "iq4_xs" when first && !_hasImportances => Q5K,
            "q4_0" when first && _hasImportances => Q41,
            "q5_0" when first && _hasImportances => Q51,
            "q4_k_s" when first && !falcon => Q5K,
            _ => _default,
        };
    }

    private TensorEncoding AttentionOutput(in MatrixPlace place) => place.Facts.Family == "falcon"
        ? _mix == "q3_k_l" ? Q4K : _default
        : place.Facts.Experts == 8
            ? _mix is "q2_k" or "iq3_xs" or "iq3_xxs" or "q3_k_s" or "q3_k_m" or "iq4_nl" or "q4_k_s" or "q4_k_m" or "iq3_s"
                or "iq3_m" or "iq4_xs" ? Q5K : _default
            : _mix switch
            {
                "q2_k" => Q3K,
                "iq3_xxs" => Iq3S,
                "q3_k_m" or "iq3_m" => Q4K,
                "q3_k_l" => Q5K,
                _ => _default,
            };

    /// <summary>The first and last eighth of the layers, and every third between.</summary>
    private static bool MoreBits(int layer, int layers) =>
        layer < layers / 8 || layer >= 7 * layers / 8 || (layer - (layers / 8)) % 3 == 2;
}
