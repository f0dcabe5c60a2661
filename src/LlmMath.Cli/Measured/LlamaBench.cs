using System.Text.RegularExpressions;
using LlmMath.Engines;

namespace LlmMath.Cli.Measured;

/// <summary>A row of llama-bench's <c>-o jsonl</c>, <c>-o json</c> or <c>-o csv</c>. Fields: ggml-org/llama.cpp@0104b151c,
/// tools/llama-bench/llama-bench.cpp (<c>test::get_fields</c>); names of formats: src/llama-model-loader.cpp
/// (<c>llama_model_ftype_name</c>).</summary>
internal static partial class LlamaBench
{
    private static readonly (string Said, string Backend)[] s_backends =
        [("CUDA", "cuda"), ("ROCm", "rocm"), ("HIP", "rocm"), ("Vulkan", "vulkan"), ("Metal", "metal"), ("MTL", "metal")];

    /// <summary>Whether a row is one of its.</summary>
    public static bool IsOf(MeasuredFields fields) => fields.Has("model_n_params") && fields.Has("avg_ts");

    /// <summary>The row; null where it says no single time, with the reason.</summary>
    /// <exception cref="CliException">A field is missing or wrong.</exception>
    public static (MeasuredRow? Row, string? Reason) Read(MeasuredFields fields)
    {
        int prompt = fields.Integer("n_prompt", 0) ?? throw fields.Missing("n_prompt");
        int written = fields.Integer("n_gen", 0) ?? throw fields.Missing("n_gen");
        if ((prompt > 0) == (written > 0))
        {
            return (null, prompt > 0 ? "n_prompt and n_gen are both above 0: one rate of two different times"
                : "n_prompt and n_gen are both 0");
        }

        double rate = fields.RequiredPositive("avg_ts");
        string backends = fields.Text("backends") ?? "";
        (string? gpu, int? gpus, string? why) = GpuOf(fields, backends);
        int? layers = fields.Integer("n_gpu_layers", int.MinValue);
        return why is not null ? (null, why) : (new()
        {
            Row = fields.Row,
            Engine = "llama.cpp",
            Model = fields.Required("model_filename"),
            Parameters = fields.Large("model_n_params"),
            ModelBytes = fields.Large("model_size"),
            Weights = FormatOf(fields.Text("model_type") ?? ""),
            Gpu = gpu,
            Gpus = gpus,
            Host = gpu == fields.Text("cpu_info") ? null : fields.Text("cpu_info"),
            Threads = fields.Integer("n_threads", 1),
            Backend = s_backends.Where(known => backends.Contains(known.Said, StringComparison.OrdinalIgnoreCase))
                .Select(known => known.Backend).FirstOrDefault(),
            // −1 leaves it to the program, which takes it where it can.
            Flash = fields.Text("flash_attn") switch { "0" or "false" => false, null => null, _ => true },
            Cache = fields.Text("type_k") switch { "f16" => "fp16", "f32" => "fp32", var other => other },
            Pass = fields.Integer("n_ubatch", 1),
            WeightsStay = fields.Text("no_op_offload") is "1" or "true",
            Layers = layers is null or < 0 ? null : layers,
            ExpertLayers = fields.Integer("n_cpu_moe", 0) is > 0 and int experts ? experts : null,
            Rules = fields.Text("tensor_buft_overrides") is null or "none" ? []
                : fields.Text("tensor_buft_overrides")!.Split(';', StringSplitOptions.RemoveEmptyEntries),
            Time = prompt > 0 ? MeasuredTime.Prompt : MeasuredTime.BetweenTokens,
            Prompt = prompt,
            Cached = fields.Integer("n_depth", 0) ?? 0,
            Output = Math.Max(1, written),
            Seconds = (prompt > 0 ? prompt : 1) / rate,
        }, null);
    }

    /// <summary>The format in a model's description: <c>llama 8B Q4_K - Medium</c> is q4_k_m; null where none is told.</summary>
    internal static string? FormatOf(string type)
    {
        Match match = Format().Match(type);
        if (!match.Success)
        {
            return null;
        }

        string name = match.Groups[1].Value.ToLowerInvariant();
        return name switch
        {
            "f16" or "bf16" => "gguf-" + name,
            "all f32" => "fp32",
            "mxfp4 moe" => "mxfp4_moe",
            "iq3_s mix" => "iq3_m",
            _ => name + match.Groups[2].Value.ToLowerInvariant() switch
            {
                "small" => "_s",
                "medium" => "_m",
                "large" => "_l",
                _ => "",
            },
        };
    }

    // Several GPUs share layers one after the other, where they are of one kind.
    private static (string? Gpu, int? Count, string? Why) GpuOf(MeasuredFields fields, string backends)
    {
        if (fields.Text("gpu_info") is not { } info || backends is "CPU" || fields.Text("n_gpu_layers") == "0")
        {
            return (fields.Text("cpu_info"), null, null);
        }

        string[] names = [.. info.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
        return names.Distinct().Count() > 1 ? (null, null, "gpu_info names several kinds of GPU, and not what lay on which")
            : fields.Text("split_mode") is "none" ? (names[0], 1, null)
            : fields.Text("split_mode") is "row" or "tensor" && names.Length > 1
                ? (null, null, "split_mode divides tensors between GPUs, which is not estimated")
            : (names[0], names.Length, null);
    }

    [GeneratedRegex("(?:^| )((?:I?Q|TQ)[1-8]_[A-Z0-9]+(?:_[A-Z0-9]+)?(?: mix)?|BF16|F16|all F32|MXFP4 MoE)"
        + "(?: - (Small|Medium|Large))?", RegexOptions.NonBacktracking)]
    private static partial Regex Format();
}
