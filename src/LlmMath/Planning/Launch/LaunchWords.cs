using System.Globalization;
using LlmMath.Basics;

namespace LlmMath.Planning.Launch;

/// <summary>A setup as the words of a start command, and back.</summary>
internal static class LaunchWords
{
    private const string Producer = "kv_producer", Consumer = "kv_consumer";

    // What stands in front of the flags; the model follows the last of them.
    private static readonly (string Engine, string[] Start)[] s_starts =
    [
        ("vllm", ["vllm", "serve"]),
        ("sglang", ["python3", "-m", "sglang.launch_server", "--model-path"]),
        ("sglang", ["python", "-m", "sglang.launch_server", "--model-path"]),
        ("sglang", ["python3", "-m", "dynamo.sglang", "--model-path"]),
        ("vllm", ["python3", "-m", "dynamo.vllm", "--model"]),
        ("tensorrt-llm", ["trtllm-serve", "serve"]),
        ("tensorrt-llm", ["trtllm-serve"]),
        ("llama.cpp", ["llama-server", "-m"]),
    ];

    /// <summary>The words with which a version of the engine is told a setup: every limit of it, so that no default stands in its
    /// place.</summary>
    /// <exception cref="EstimateException">The engine cannot be told something of it in that version; the error names
    /// it.</exception>
    public static string[] Of(ServerSetup setup, LaunchFlags flags, string version) =>
        [.. s_starts.First(one => one.Engine == setup.Engine).Start, setup.Model, .. Flags(setup, flags, version)];

    /// <summary>The words behind the model's name.</summary>
    /// <exception cref="EstimateException">The engine cannot be told something of it in that version; the error names
    /// it.</exception>
    public static string[] Flags(ServerSetup setup, LaunchFlags flags, string version)
    {
        flags.Check(version);
        bool isLlama = setup.Engine == "llama.cpp";
        var words = new List<string>();
        if (setup.Model.StartsWith('-'))
        {
            throw new EstimateException(nameof(setup.Model), "a name that begins with - would be read as a flag.");
        }

        Say("served-name", setup.ServedName);
        Say("revision", setup.Revision);
        Say("backend", setup.Engine == "tensorrt-llm" ? "pytorch" : null);
        Say("weight-format", setup.Quantization);
        Say("dtype", setup.DataType);
        Say("gpu-layers", isLlama ? "all" : null);
        Say("tensor-parallel", isLlama ? null : N(setup.Tensor));
        Say("pipeline-parallel", isLlama ? null : N(setup.Pipeline));
        // llama.cpp's is of all requests together.
        Say("context", N(isLlama ? setup.Context * (setup.Requests ?? 1) : setup.Context));
        Say("requests", N(setup.Requests));
        Say("batch-tokens", isLlama ? N(setup.PassTokens) : null);
        Say("pass-tokens", N(setup.PassTokens));
        Say("memory-share", isLlama ? null : setup.MemoryShare?.ToString("0.####", CultureInfo.InvariantCulture));
        Say("cache-format", setup.Cache);
        Say("cache-format-values", isLlama ? setup.Cache : null);
        Say("flash-attention", isLlama ? "on" : null);
        Say("fit", isLlama ? "off" : null);
        foreach (string concept in setup.Engine == "vllm" ? (string[])["prefix-cache", "chunked-prefill"]
            : setup.Engine == "tensorrt-llm" ? ["chunked-prefill"] : [])
        {
            words.Add(flags.For(concept, version).Flag);
        }

        if (setup.Role is { } role)
        {
            bool isVllm = setup.Engine == "vllm";
            Say(isVllm ? "disaggregation" : "role", isVllm ? Transfer(role == "prefill" ? Producer : Consumer) : role);
        }

        Say("host", setup.Host);
        Say("port", N(setup.Port));
        return [.. words];

        void Say(string concept, string? value)
        {
            if (value is not null)
            {
                words.Add(flags.For(concept, version).Flag);
                words.Add(value);
            }
        }
    }

    /// <summary>The setup that a start command's words tell.</summary>
    /// <exception cref="EstimateException">It starts no engine whose flags were read, a flag is not known, or a value is missing
    /// or wrong; the error names it.</exception>
    public static ServerSetup Read(IReadOnlyList<string> words)
    {
        (string? engine, string[] start) = Start(words);
        if (engine is null)
        {
            throw new EstimateException("command", "vllm serve MODEL, python -m sglang.launch_server --model-path MODEL, "
                + "trtllm-serve MODEL or llama-server -m FILE is right; it begins with "
                + $"{NumberText.Quoted(string.Join(' ', words.Take(3)))}.");
        }

        if (words.Count == start.Length || words[start.Length].StartsWith('-'))
        {
            throw new EstimateException("command", $"the model is missing after {start[^1]}.");
        }

        LaunchFlags flags = LaunchFlags.Of(engine);
        var setup = new ServerSetup { Engine = engine, Model = words[start.Length] };
        for (int at = start.Length + 1; at < words.Count; at++)
        {
            string[] parts = words[at].StartsWith("--", StringComparison.Ordinal) ? words[at].Split('=', 2) : [words[at]];
            // vLLM takes _ for - in flags: vllm-project/vllm, vllm/utils/argparse_utils.py, FlexibleArgumentParser.
            LaunchFlag flag = flags.Spelled(parts[0])
                ?? (engine == "vllm" ? flags.Spelled(parts[0].Replace('_', '-')) : null) ?? throw Unknown(flags, parts[0]);
            string value = !flag.TakesValue ? "" : parts.Length == 2 ? parts[1] : ++at < words.Count ? words[at]
                : throw new EstimateException(parts[0], "a value is missing after it.");
            setup = With(setup, flag, parts[0], value);
        }

        return engine == "llama.cpp" && setup.Context is { } together
            ? setup with { Context = together / Math.Max(1, setup.Requests ?? 1) } : setup;
    }

    /// <summary>The engine that words start, and its words before the model; null where it is none.</summary>
    public static (string? Engine, string[] Words) Start(IReadOnlyList<string> words) =>
        s_starts.FirstOrDefault(one => words.Take(one.Start.Length).SequenceEqual(one.Start));

    /// <summary>How vLLM is told to send the cache, by the connector that llm-d, KServe and Dynamo have in common.</summary>
    /// <param name="role">vLLM's word for what the server does with it.</param>
    public static string Transfer(string role) => $$"""{"kv_connector":"NixlConnector","kv_role":"{{role}}"}""";

    private static ServerSetup With(ServerSetup setup, LaunchFlag flag, string spelling, string value) => flag.Concept switch
    {
        "served-name" => setup with { ServedName = value },
        "revision" => setup with { Revision = value },
        "weight-format" => setup with { Quantization = value },
        "dtype" => setup with { DataType = value },
        "tensor-parallel" => setup with { Tensor = Count(spelling, value) },
        "pipeline-parallel" => setup with { Pipeline = Count(spelling, value) },
        "context" => setup with { Context = Tokens(spelling, value) },
        "requests" => setup with { Requests = Count(spelling, value) },
        "pass-tokens" => setup with { PassTokens = (int)Math.Min(int.MaxValue, Tokens(spelling, value)) },
        "memory-share" => setup with { MemoryShare = Share(spelling, value) },
        "cache-format" => setup with { Cache = value },
        "role" => setup with { Role = value },
        "disaggregation" when value.Contains(Producer, StringComparison.Ordinal) => setup with { Role = "prefill" },
        "disaggregation" when value.Contains(Consumer, StringComparison.Ordinal) => setup with { Role = "decode" },
        "disaggregation" when setup.Role is not null => setup,
        "host" => setup with { Host = value },
        "port" => setup with { Port = Count(spelling, value) },
        "backend" or "gpu-layers" or "flash-attention" or "fit" or "batch-tokens" or "cache-format-values" or "prefix-cache"
            or "chunked-prefill" or "several nodes" or "several nodes, followers" or "transfer" or "transfer-port" or "tokenizer"
            => setup,
        _ => setup with { Unreckoned = [.. setup.Unreckoned, value.Length == 0 ? spelling : $"{spelling} {value}"] },
    };

    private static EstimateException Unknown(LaunchFlags flags, string spelling)
    {
        string nearest = string.Join(", ", EditDistance.Nearest(spelling,
            [.. flags.Flags.SelectMany(flag => flag.Aliases.Prepend(flag.Flag))]));
        return new(spelling.Length > 60 ? spelling[..60] : spelling,
            $"no flag of {flags.Engine} that was read{(nearest.Length > 0 ? $"; nearest: {nearest}" : "")}.");
    }

    private static int Count(string flag, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0 ? count
            : throw new EstimateException(flag, $"a whole number from 1 is right; it is {NumberText.Quoted(value)}.");

    // vLLM reads 32k as 32,000 and 32K as 32,768.
    private static long Tokens(string flag, string value)
    {
        (string digits, long unit) = value.EndsWith('k') ? (value[..^1], 1000L) : value.EndsWith('K') ? (value[..^1], 1024L)
            : (value, 1L);
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long tokens)
            && tokens is > 0 and < 1L << 40
            ? tokens * unit
            : throw new EstimateException(flag, $"a whole number from 1 is right; it is {NumberText.Quoted(value)}.");
    }

    private static double Share(string flag, string value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double share)
            && share is > 0 and <= 1 ? share
            : throw new EstimateException(flag, $"above 0, at most 1 is right; it is {NumberText.Quoted(value)}.");

    private static string? N(long? number) => number?.ToString(CultureInfo.InvariantCulture);
}
