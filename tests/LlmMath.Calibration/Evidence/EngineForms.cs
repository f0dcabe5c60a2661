namespace LlmMath.Calibration;

/// <summary>What of an engine is not fitted: names, defaults that its documentation gives.</summary>
internal static class EngineForms
{
    /// <summary>Engines that answer one request at a time on one machine: fitted together.</summary>
    public static IReadOnlyList<string> OfOneMachine { get; } = ["llama-cpp", "exllamav2", "mlc-llm", "mlx", "gpt-fast"];

    public static EngineProfile Of(string name) => name switch
    {
        "vllm" => Serving(name, "vLLM"),
        "sglang" => Serving(name, "SGLang"),
        "tensorrt-llm" => Serving(name, "TensorRT-LLM"),
        // One stream takes about a thousand launches before it holds up the thread that launches:
        // https://stackoverflow.com/questions/53970187. Passes: llama.cpp's default n_ubatch.
        "llama-cpp" => Local(name, "llama.cpp", 512)
            with { SumsInHalf = true, WritesScores = true, UnpacksWeights = true, QueuedLaunches = 1024 },
        // Source of the pass: exllamav2/config.py, max_input_len.
        "exllamav2" => Local(name, "ExLlamaV2", 2048) with { SumsInHalf = true, UnpacksWeights = true },
        // Source of the pass: prefill_chunk_size in mlc-llm's chat configs.
        "mlc-llm" => Local(name, "MLC LLM", 2048),
        // Source of the pass: mlx_lm/generate.py, prefill_step_size.
        "mlx" => Local(name, "MLX", 2048),
        "gpt-fast" => Local(name, "gpt-fast", null),
        _ => throw new ArgumentException($"{name}: no engine that this program fits.", nameof(name)),
    };

    /// <summary>Whether hardware is younger than May 2024: only later builds of llama.cpp run on it, which neither write scores
    /// nor unpack weights.</summary>
    public static bool IsYoung(string? generation) => generation is "Blackwell" or "RDNA 3.5" or "RDNA 4" or "G16" or "G17";

    /// <summary>Where an engine's rows were read, and what a reader should know.</summary>
    public static (string Source, string Note) Words(string name) => name switch
    {
        "llama-cpp" => (Speed,
            "Written by tests/LlmMath.Calibration. Builds of May 2024 without flash attention, one request at a time; "
            + "AMD's Ryzen AI Max+ 395 with builds of August 2026 and flash attention. "
            + "Newer builds read prompts faster on NVIDIA: "
            + "2.4 to 2.6 times on an RTX 6000 Ada in January 2026. The range of the first token is that of prompt processing."),
        "exllamav2" => (Speed,
            "Written by tests/LlmMath.Calibration. Decode of one sequence; of prompts only four rows of ExLlama v1."),
        "mlx" => (Speed, "Written by tests/LlmMath.Calibration. mlx-lm on one M4 Max; other Apple GPUs borrow its shares."),
        "mlc-llm" or "gpt-fast" => (Speed,
            "Written by tests/LlmMath.Calibration. Decode of one sequence; no prompt was timed: its time "
            + "borrows what the other engines of one machine share on such hardware."),
        _ => ("catalog/evidence/serving.csv: github:ai-dynamo/aiconfigurator@095f58a51:"
            + "aic-core/src/aiconfigurator_core/systems/silicon_sample.csv",
            "Written by tests/LlmMath.Calibration. Aggregated serving of several versions, August 2025 to April 2026; "
            + "what other engines share is pooled with theirs."),
    };

    private const string Speed = "catalog/evidence/speed.csv, whose head names the sources";

    private static EngineProfile Local(string name, string displayName, int? passTokens) => new()
    {
        Name = name,
        DisplayName = displayName,
        PassTokens = passTokens,
        MemoryShare = 1,
        ReservedGibibytes = 0.5,
        Generations = [],
    };

    // Passes of 8,192 tokens and nine tenths of the memory are the engines' defaults; 5 GiB is what their activations and graphs
    // take in catalog/evidence/memory.csv.
    private static EngineProfile Serving(string name, string displayName) => new()
    {
        Name = name,
        DisplayName = displayName,
        PassTokens = 8192,
        IsContinuous = true,
        MemoryShare = 0.9,
        ReservedGibibytes = 5,
        Generations = [],
    };
}
