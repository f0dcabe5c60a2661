using System.Text.Json;

namespace LlmMath.Benchmarks.Figures;

/// <summary>What is asked of the tool for a file of figures: the whole catalog, with every format where that decides bytes, and a
/// sample of GPUs, engines and loads.</summary>
internal static class FigureQuestions
{
    private static readonly string[] s_memoryEngines =
    [
        "none", "vllm", "sglang", "tensorrt-llm", "llama.cpp", "transformers", "ctranslate2", "autoawq", "exllama", "litgpt",
        "mlx",
    ];

    /// <summary>Command lines of <c>params</c> and <c>memory</c>; the catalog's models follow each.</summary>
    public static IEnumerable<string> OfAllModels() =>
    [
        "params --convention checkpoint --explain",
        "params --convention hand-estimate --explain",
        .. from engine in s_memoryEngines
           from format in WeightFormat.All
           select $"memory --engine {engine} --weights {format.Name}",
        "memory --weights q4_k_m --kv q8_0 --batch 4 --context 2048 --prompt 1024",
        "memory --weights bf16 --kv fp8 --batch 16 --context 2048 --pass-tokens 4096",
        "memory --engine vllm --weights bf16 --gpu h100-sxm-80gb",
        "memory --engine vllm --weights fp8 --gpu h100-sxm-80gb --batch 32 --context 2048",
        "memory --engine vllm --weights bf16 --gpu rtx-4090",
        "memory --engine vllm --weights awq-4bit-128g --gpu a100-sxm-80gb",
        "memory --engine vllm --weights mxfp4 --gpu h100-sxm-80gb",
        "memory --engine vllm --weights bf16 --gpu h100-sxm-80gb --gpus 8",
        "memory --engine vllm --weights fp8 --gpu h200-sxm-141gb --gpus 16 --tp 2 --dp 2",
        "memory --engine sglang --weights bf16 --gpu mi300x --gpus 2",
        "memory --engine tensorrt-llm --weights fp8 --gpu b200-sxm-180gb",
        "memory --engine llama.cpp --weights q4_k_m --gpu rtx-4090",
        "memory --engine llama.cpp --weights q4_k_m --gpu rtx-4090,rtx-3060-12gb",
        "memory --weights q8_0 --gpu apple-m4-max-40-core",
        "memory --engine mlx --weights mlx-4bit --gpu apple-m4-max-40-core",
        "memory --engine none --weights bf16 --gpu l4",
    ];

    /// <summary>Questions of <c>speed --requests</c>, each a JSON object; a model's name is to be put in.</summary>
    public static IEnumerable<Func<string, string>> OfSpeed()
    {
        string[] formats = [.. WeightFormat.All.Select(format => format.Name)];
        return [
            .. Many(["vllm", "llama-cpp", "reference"], formats, ["h100-sxm-80gb"]),
            .. Many(["sglang", "tensorrt-llm"], ["bf16", "fp8", "awq-4bit-128g", "int8", "mxfp4"],
                ["h100-sxm-80gb", "b200-sxm-180gb"]),
            .. Many(["vllm", "sglang"], ["bf16", "fp8", "awq-4bit-128g"], ["a100-sxm-80gb", "rtx-4090", "mi300x", "l4"]),
            .. Many(["llama-cpp"], ["bf16", "q4_k_m", "q6_k"],
                ["rtx-4090", "a100-sxm-80gb", "rx-7900-xtx", "apple-m4-max-40-core"]),
            .. Many(["exllamav2"], ["exl2-4.0bpw", "gptq-4bit-128g"], ["rtx-4090"]),
            .. Many(["mlc-llm"], ["q4f16_1"], ["rtx-4090", "apple-m4-max-40-core"]),
            .. Many(["mlx"], ["mlx-4bit", "bf16"], ["apple-m4-max-40-core"]),
            .. Many(["gpt-fast"], ["bf16", "int8"], ["a100-sxm-80gb"]),
            .. from gpus in new[] { 1, 2, 8 }
               from load in new[] { (128, 1024, 1), (1500, 500, 400) }
               from engine in new[] { "vllm", "sglang", "tensorrt-llm", "llama-cpp" }
               select Of(engine, "bf16", "h200-sxm-141gb", load.Item1, load.Item2, load.Item3, gpus),
        ];
    }

    private static IEnumerable<Func<string, string>> Many(string[] engines, string[] formats, string[] gpus) =>
        from engine in engines
        from format in formats
        from gpu in gpus
        select Of(engine, format, gpu, prompt: 512, output: 128, batch: 8, gpus: 1);

    private static Func<string, string> Of(
        string engine, string weights, string gpu, int prompt, int output, int batch, int gpus) => model =>
        JsonSerializer.Serialize(new { model, engine, weights, gpu, prompt, output, batch, gpus });
}
