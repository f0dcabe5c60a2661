namespace LlmMath.Calibration;

/// <summary>What of an engine is not fitted: names, defaults that its documentation gives.</summary>
internal static class EngineForms
{
    /// <summary>Engines that answer one request at a time on one machine: fitted together.</summary>
    public static IReadOnlyList<string> OfOneMachine { get; } = ["llama-cpp"];

    public static EngineProfile Of(string name) => name switch
    {
        "vllm" => Serving(name, "vLLM"),
        "sglang" => Serving(name, "SGLang"),
        "tensorrt-llm" => Serving(name, "TensorRT-LLM"),
        "llama-cpp" => new()
        {
            Name = name,
            DisplayName = "llama.cpp",
            PassTokens = 512,
            SumsInHalf = true,
            MemoryShare = 1,
            ReservedGibibytes = 0.5,
            Generations = [],
        },
        _ => throw new ArgumentException($"{name}: no engine that this program fits.", nameof(name)),
    };

    /// <summary>Where an engine's rows were read, and what a reader should know.</summary>
    public static (string Source, string Note) Words(string name) => name == "llama-cpp"
        ? ("catalog/evidence/speed.csv: github:XiongjieDai/GPU-Benchmarks-on-LLM-Inference@aa72e0e:README.md",
            "Written by tests/LlmMath.Calibration. llama-bench of May 2024, one request at a time; the range of the first token is that of prompt processing.")
        : ("catalog/evidence/serving.csv: github:ai-dynamo/aiconfigurator@095f58a51:aic-core/src/aiconfigurator_core/systems/silicon_sample.csv",
            "Written by tests/LlmMath.Calibration. Aggregated serving of several versions, August 2025 to April 2026; what other engines share is pooled with theirs.");

    // Passes of 8,192 tokens and nine tenths of the memory are the engines' defaults; 5 GiB is what their activations and graphs take in
    // catalog/evidence/memory.csv.
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
