using LlmMath.Formats;

namespace LlmMath.Memory;

/// <summary>The engines whose memory is known.</summary>
internal static class Engines
{
    private static readonly HashSet<string> s_plain = ["fp32", "fp16", "bf16"];

    public static EngineMemory Vllm { get; } = new()
    {
        Name = "vllm",
        Spread = (0.95, 1.05),
        Source = "vllm-project/vllm v0.11 on H100: llm-d-incubation/llm-d-planner@e50305a, "
            + "docs/empirical-vllm-memory-results.md. Its profiling samples 1,024 "
            + "sequences: 38 bytes a logit reproduce six of seven models within 1 %.",
        Runtime = ByteRange.Mebibytes(130, 135, 205),
        Communication = ByteRange.Mebibytes(300, 420, 1024),
        Graphs = ByteRange.Mebibytes(0, 350, 1150),
        PassTokens = 8192,
        LogitRows = LogitRows.Fixed,
        FixedLogitRows = 1024,
        LogitBytes = 38,
        HiddenBytes = 6,
        IntermediateBytes = 3,
        PageTokens = 16,
        WindowTokens = 8192,
        MemoryShare = 0.9,
        PacksSparseCache = true,
        PadsMxfp4 = true,
        TabulatesRotary = true,
        RunsOn = static gpu => gpu.Vendor != "Apple",
        Loads = static format => format is not (GgufMix or Bf16Mixed) && !IsOfOneEngine(format),
        Caches = static format => format.Name is "fp16" or "bf16" or "fp8" or "fp8-e5m2",
        AdaptsTo = static (engine, gpu) =>
            gpu.Memory is { Gibibytes: < 70 } || gpu.Name.StartsWith("a100", StringComparison.Ordinal)
                ? engine.WithPass(2048) with { FixedLogitRows = 256 }
                : engine,
    };

    public static EngineMemory Sglang { get; } = Vllm with
    {
        Name = "sglang",
        IsMeasured = false,
        Spread = (0.9, 1.2),
        Source = "sgl-project/sglang, server_args.py: mem_fraction_static near 0.88 and chunked prefill of 8,192 tokens; "
            + "runtime and graphs as vLLM's, not measured apart, so that its spread is a guess. Recurrent states in float32: "
            + "sgl-project/sglang@02e208ded, python/sglang/srt/configs/mamba_utils.py.",
        LogitRows = LogitRows.EachSequence,
        LogitBytes = 8,
        PageTokens = 1,
        WindowTokens = null,
        StateBytes = 4,
        MemoryShare = 0.88,
        PadsMxfp4 = false,
        Loads = static format => format is not (GgufMix or Bf16Mixed) && !IsOfOneEngine(format),
    };

    public static EngineMemory TensorRtLlm { get; } = new()
    {
        Name = "tensorrt-llm",
        IsMeasured = false,
        Spread = (0.9, 1.2),
        Source = "NVIDIA/TensorRT-LLM: kv_cache_free_gpu_mem_fraction 0.9, max_num_tokens 8,192, tokens_per_block 32 "
            + "(documentation); premAI-io/benchmarks: it fills an A100 whatever the model.",
        Runtime = ByteRange.Mebibytes(400, 800, 2048),
        Communication = ByteRange.Mebibytes(200, 400, 1024),
        PassTokens = 8192,
        LogitBytes = 8,
        HiddenBytes = 6,
        IntermediateBytes = 3,
        PageTokens = 32,
        WindowTokens = 0,
        PacksSparseCache = true,
        MemoryShare = 0.9,
        RunsOn = static gpu => gpu.Vendor == "NVIDIA",
        Loads = static format => format is not (GgufMix or Bf16Mixed) && !IsOfOneEngine(format),
        Caches = static format => format.Name is "fp16" or "bf16" or "fp8" or "int8",
    };

    // Shapes of its buffers: see docs/ACCURACY.md. Runtime: what its own table leaves unaccounted on an RTX 4090, 451 to 456 MiB,
    // and contexts alone of 119 to 605 MiB on other cards; premAI-io/benchmarks' four totals on an A100 with cuBLAS leave 1,590
    // to 1,730.
    public static EngineMemory LlamaCpp { get; } = new()
    {
        Name = "llama.cpp",
        Spread = (0.95, 1.05),
        Source = "ggml-org/llama.cpp (fork unslothai/llama.cpp@d32676d77, src/llama-context.cpp and llama-graph.cpp; logs of "
            + "buffer sizes in fork ikawrakow/ik_llama.cpp@8337e4cd3 and ggml-org/ci): float32 logits of every token of a pass "
            + "of 512, flash attention, masks as built before 2026-05-29, cache padded to 256, states in float32. A server built "
            + "since 2026-06-01 keeps logits of its sequences alone and takes less. Runtime: ggml-org/llama.cpp, pull request "
            + "15860; A100: premAI-io/benchmarks.",
        Runtime = ByteRange.Mebibytes(200, 450, 700),
        PassTokens = 512,
        LogitRows = LogitRows.EachToken,
        LogitBytes = 4,
        HiddenBytes = 16,
        LogitHiddenBytes = 4,
        IntermediateBytes = 4,
        MaskBytes = 6,
        KeepsInputsOnHost = true,
        ReservesWholeContext = true,
        InputCopies = 4,
        PageTokens = 256,
        WindowTokens = 512,
        StateBytes = 4,
        ConvolutionBytes = 4,
        SplitsByLayer = true,
        Loads = static format => format is GgufMix || s_plain.Contains(format.Name) || format.Name == "mxfp4",
        Caches = static format => format.Name is not ("fp8" or "fp8-e5m2" or "int8" or "int4"),
        AdaptsTo = static (engine, gpu) => gpu.Vendor == "Apple" ? engine with { Runtime = default }
            : gpu.Name.StartsWith("a100", StringComparison.Ordinal)
                ? engine with { Runtime = ByteRange.Mebibytes(450, 1620, 1730) }
                : engine,
    };

    public static EngineMemory Transformers { get; } = new()
    {
        Name = "transformers",
        Spread = (0.92, 1.25),
        Source = "premAI-io/benchmarks, Mistral 7B and Llama 2 7B on an A100. bitsandbytes multiplies by a float32 copy "
            + "of the matrix at hand (bnb_4bit_compute_dtype as it stands by default).",
        Runtime = ByteRange.Mebibytes(900, 1600, 3500),
        LogitBytes = 6,
        HiddenBytes = 8,
        IntermediateBytes = 4,
        MatrixCopies = 2,
        WindowTokens = 0,
        Loads = static format => format is not (GgufMix or Bf16Mixed) && !IsOfOneEngine(format),
    };

    public static EngineMemory CTranslate2 { get; } = new()
    {
        Name = "ctranslate2",
        Spread = (0.93, 1.045),
        Source = "premAI-io/benchmarks, Mistral 7B and Llama 2 7B on an A100.",
        Runtime = ByteRange.Mebibytes(2700, 3500, 5000),
        LogitBytes = 4,
        HiddenBytes = 8,
        IntermediateBytes = 4,
        Loads = static format => s_plain.Contains(format.Name) || format.Name is "int8" or "awq-4bit-128g",
    };

    public static EngineMemory AutoAwq { get; } = new()
    {
        Name = "autoawq",
        Spread = (0.98, 1.03),
        Source = "casper-hansen/AutoAWQ@88e4c76, README.md: peak of PyTorch's allocator on an RTX 4090. Scores in float16 "
            + "and twice in float32 (awq/modules/fused/attn.py), experts stacked while loading (awq/utils/fused_utils.py) and "
            + "multiplied in eight parts (awq/modules/fused/moe.py), all at d54bf0e.",
        Runtime = ByteRange.Mebibytes(0, 100, 300),
        LogitRows = LogitRows.EachToken,
        LogitBytes = 6,
        HiddenBytes = 8,
        IntermediateBytes = 2,
        ScoreBytes = 10,
        ExpertBytes = 14,
        FusesProjections = true,
        RunsOn = static gpu => gpu.Vendor is "NVIDIA" or "AMD",
        Loads = static format => format.Name is "fp16" or "awq-4bit-128g",
    };

    public static EngineMemory ExLlama { get; } = new()
    {
        Name = "exllama",
        Spread = (0.99, 1.03),
        Source = "turboderp/exllama@3b013cd, README.md: PyTorch's allocator on an RTX 4090, the CUDA context left out.",
        LogitBytes = 4,
        PassTokens = 2048,
        HiddenBytes = 14,
        IntermediateBytes = 2,
        ScoreBytes = 2,
        MatrixCopies = 1,
        RunsOn = static gpu => gpu.Vendor is "NVIDIA" or "AMD",
        Loads = static format => format.Name.StartsWith("gptq", StringComparison.Ordinal) || format.Name == "fp16",
    };

    public static EngineMemory LitGpt { get; } = new()
    {
        Name = "litgpt",
        Spread = (0.99, 1.01),
        Source = "Lightning-AI/litgpt, tutorials/quantize.md and the tensor-parallel tables: peak of PyTorch's allocator on "
            + "A100.",
        Runtime = ByteRange.Mebibytes(0, 30, 300),
        LogitRows = LogitRows.EachToken,
        LogitBytes = 6,
        HiddenBytes = 8,
        IntermediateBytes = 4,
        HeadCopies = 2,
        QuantizesHead = true,
        ReplicatesVocabulary = true,
        KeepsEndsTogether = true,
        Loads = static format => format is not GgufMix && !IsOfOneEngine(format),
    };

    public static EngineMemory Mlx { get; } = new()
    {
        Name = "mlx",
        Spread = (0.99, 1.03),
        Source = "ml-explore/mlx-lm@d78bf58e, mlx_lm/BENCHMARKS.md: peak of MLX's allocator on an M4 Max; prompts in "
            + "passes of 2,048.",
        Runtime = ByteRange.Mebibytes(0, 30, 150),
        PassTokens = 2048,
        LogitRows = LogitRows.EachToken,
        LogitBytes = 2,
        HiddenBytes = 4,
        IntermediateBytes = 2,
        WindowTokens = 0,
        RunsOn = static gpu => gpu.Vendor is "Apple" or "NVIDIA",
        Loads = static format => s_plain.Contains(format.Name) || IsMlx(format) || format.Name == "mxfp4",
    };

    public static ValueList<EngineMemory> All { get; } =
        [Vllm, Sglang, TensorRtLlm, LlamaCpp, Transformers, CTranslate2, AutoAwq, ExLlama, LitGpt, Mlx];

    // Formats of MLX, ExLlamaV2 and MLC LLM.
    private static bool IsOfOneEngine(WeightFormat format) => IsMlx(format)
        || format.Name.StartsWith("exl2-", StringComparison.Ordinal) || format.Name == "q4f16_1";

    private static bool IsMlx(WeightFormat format) => format.Name.StartsWith("mlx-", StringComparison.Ordinal);
}
