namespace LlmMath.Calibration;

/// <summary>Which engines are fitted together, and what is said of them. Their facts stand in <c>catalog/engines</c>.</summary>
internal static class EngineForms
{
    /// <summary>Engines that answer one request at a time on one machine: fitted together.</summary>
    public static IReadOnlyList<string> OfOneMachine { get; } = ["llama.cpp", "exllamav2", "mlc-llm", "mlx", "gpt-fast"];

    /// <summary>Whether hardware is younger than May 2024: only later builds of llama.cpp run on it, which neither write scores
    /// nor unpack weights.</summary>
    public static bool IsYoung(string? generation) => generation is "Blackwell" or "RDNA 3.5" or "RDNA 4" or "G16" or "G17";

    /// <summary>Where an engine's rows were read, and what a reader should know.</summary>
    public static (string Source, string Note) Words(string name) => name switch
    {
        "llama.cpp" => (Speed,
            "Written by src/LlmMath.Calibration. Builds of May 2024 without flash attention, one request at a time; "
            + "AMD's Ryzen AI Max+ 395 with builds of August 2026 and flash attention. "
            + "Newer builds read prompts faster on NVIDIA: "
            + "2.4 to 2.6 times on an RTX 6000 Ada in January 2026. The range of the first token is that of prompt processing."),
        "exllamav2" => (Speed,
            "Written by src/LlmMath.Calibration. Decode of one sequence; of prompts only four rows of ExLlama v1."),
        "mlx" => (Speed, "Written by src/LlmMath.Calibration. mlx-lm on one M4 Max; other Apple GPUs borrow its shares."),
        "mlc-llm" or "gpt-fast" => (Speed,
            "Written by src/LlmMath.Calibration. Decode of one sequence; no prompt was timed: its time "
            + "borrows what the other engines of one machine share on such hardware."),
        _ => ("catalog/evidence/serving.csv: github:ai-dynamo/aiconfigurator@095f58a51:"
            + "aic-core/src/aiconfigurator_core/systems/silicon_sample.csv",
            "Written by src/LlmMath.Calibration. Aggregated serving of several versions, August 2025 to April 2026; "
            + "what other engines share is pooled with theirs."),
    };

    private const string Speed = "catalog/evidence/speed.csv, whose head names the sources";
}
