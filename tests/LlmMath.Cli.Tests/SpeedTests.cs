using System.Text.Json;

namespace LlmMath.Cli.Tests;

public class SpeedTests
{
    /// <summary>The bound beside the working knows neither tensors in system memory nor backends.</summary>
    [Theory]
    [InlineData("--n-cpu-moe", "20")]
    [InlineData("--backend", "vulkan")]
    public void TheWorkingOfOnesOwnMachineIsShown(params string[] more)
    {
        Command run = Command.Run(["speed", "qwen3-30b-a3b", "--weights", "q4_k_m", "--gpu", "rtx-4090", "--engine", "llama.cpp",
            "--prompt", "512", "--output", "128", "--explain", .. more]);
        Assert.Equal((0, ""), (run.Exit, run.Error));
        Assert.Contains("bound: keys and values cached", run.Output);
    }

    /// <summary>A prompt copies experts of system memory to the GPU once a pass: in longer passes it is read sooner.</summary>
    [Fact]
    public void LongerPassesReadAPromptSooner()
    {
        Command Of(string pass) => Command.Run(["speed", "gpt-oss-120b", "--gpu", "rtx-4090", "--engine", "llama.cpp",
            "--cpu-moe", "--prompt", "4096", "--output", "1", "--json", "--pass-tokens", pass]);
        double First(string pass) => JsonDocument.Parse(Of(pass).Output).RootElement.GetProperty("timeToFirstTokenMs")
            .GetProperty("expected").GetDouble();
        Assert.True(First("4096") < 0.7 * First("512"));
        Assert.Contains("--pass-tokens: 1 or more is needed; it is 0.", Of("0").Error);
    }

    private static readonly string[] s_usual =
        ["--gpu", "h100-sxm-80gb", "--weights", "fp8", "--prompt", "512", "--output", "128"];

    [Fact]
    public void TheContractsKeysAreThere()
    {
        Command run = Command.Run(["speed", "llama-3.1-8b", .. s_usual, "--batch", "4", "--json", "--explain"]);
        Assert.Equal(0, run.Exit);
        JsonElement root = JsonDocument.Parse(run.Output).RootElement;
        foreach (string key in new[] { "timeToFirstTokenMs", "interTokenLatencyMs", "totalMs", "outputTokensPerSecond" })
        {
            JsonElement range = root.GetProperty(key);
            Assert.True(range.GetProperty("low").GetDouble() < range.GetProperty("expected").GetDouble());
            Assert.True(range.GetProperty("expected").GetDouble() < range.GetProperty("high").GetDouble());
        }

        Assert.Equal(("llama-3.1-8b", "h100-sxm-80gb", "vllm"),
            (root.GetProperty("model").GetString(), root.GetProperty("gpu").GetString(), root.GetProperty("engine").GetString()));
        Assert.Equal("measured", root.GetProperty("basis").GetString());
        Assert.NotEmpty(root.GetProperty("bottleneck").GetString()!);
        Assert.True(root.GetProperty("fits").GetBoolean());
        Assert.NotEqual(0, root.GetProperty("explain").GetArrayLength());
    }

    [Fact]
    public void JsonSaysWhatWasAskedAndWarnsAsTheTableDoes()
    {
        string[] asked = ["speed", "llama-3.2-1b", "--gpu", "t4", "--weights", "bf16", "--kv", "fp16", "--batch", "3", "--prompt",
            "100", "--output", "50"];
        JsonElement root = Command.Run([.. asked, "--json"]).Json;
        Assert.Equal("fp16", root.GetProperty("kv").GetString());
        Assert.Equal((3, 100, 50), (root.GetProperty("batch").GetInt32(), root.GetProperty("prompt").GetInt32(),
            root.GetProperty("output").GetInt32()));
        string[] warnings = [.. root.GetProperty("warnings").EnumerateArray().Select(warning => warning.GetString()!)];
        Assert.Contains(warnings, warning => warning.Contains("is too old for weights in bf16", StringComparison.Ordinal));
        Command table = Command.Run(asked);
        Assert.All(warnings, warning => Assert.Contains(warning, table.Output, StringComparison.Ordinal));

        Command misfit = Command.Run(["speed", "llama-3.1-405b", .. s_usual, "--json"]);
        Assert.Contains("does not fit h100-sxm-80gb", misfit.Json.GetProperty("warnings")[0].GetString());
        JsonElement said = Command.Run(["speed", "llama-3.1-8b", .. s_usual, "--json"]).Json;
        Assert.Equal("the engine vllm, the usual one for the format on this GPU",
            Assert.Single(said.GetProperty("assumed").EnumerateArray()).GetString());
        Assert.Empty(said.GetProperty("warnings").EnumerateArray());
        Assert.Empty(Command.Run(["speed", "llama-3.1-8b", .. s_usual, "--engine", "vllm", "--json"])
            .Json.GetProperty("warnings").EnumerateArray());
    }

    [Fact]
    public void WhatDoesNotFitIsAnsweredWithThree()
    {
        Command run = Command.Run(["speed", "llama-3.1-405b", .. s_usual, "--json"]);
        Assert.Equal(3, run.Exit);
        Assert.False(JsonDocument.Parse(run.Output).RootElement.GetProperty("fits").GetBoolean());
    }

    [Theory]
    [InlineData("--gpu", "h100-sxm-80g", "--gpu", "h100-sxm-80gb")]
    [InlineData("--weights", "fp7", "--weights", "fp8")]
    [InlineData("--engine", "vlm", "--engine", "vllm")]
    [InlineData("--tp", "3", "--tp", "divide")]
    [InlineData("--prompt", "0", "--prompt", "1 or more")]
    [InlineData("--prompt", "131073", "--prompt", "131,072")]
    [InlineData("--batch", "0", "--batch", "1 or more")]
    [InlineData("--gpus", "0", "--gpus", "1 or more")]
    [InlineData("--gpu", "ascend-910b", "ascend-910b", "bandwidth")]
    public void BadInputIsOneLineThatNamesTheOption(string option, string value, string names, string offers)
    {
        string[] usual = [.. s_usual.Chunk(2).Where(pair => pair[0] != option).SelectMany(pair => pair)];
        Command run = Command.Run(["speed", "llama-3.1-8b", .. usual, option, value]);
        Assert.Equal(2, run.Exit);
        Assert.Contains(names, run.Error);
        Assert.Contains(offers, run.Error);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("q4_k_m", "llama.cpp")]
    [InlineData("exl2-4.0bpw", "exllamav2")]
    [InlineData("mlx-4bit", "mlx")]
    [InlineData("q4f16_1", "mlc-llm")]
    [InlineData("awq-4bit-128g", "vllm")]
    public void TheEngineIsTheOneThatReadsTheFormat(string weights, string engine)
    {
        Command run = Command.Run(
            "speed", "llama-3.1-8b", "--gpu", "rtx-4090", "--weights", weights, "--prompt", "512", "--output", "128", "--json");
        Assert.Equal(engine, run.Json.GetProperty("engine").GetString());
    }

    // What an engine takes beside weights and cache decides in both.
    [Theory]
    [InlineData("llama-3.1-8b", "v100-sxm2-16gb", "fp16", 1)]
    [InlineData("qwen3-32b", "h100-sxm-80gb", "bf16", 10)]
    [InlineData("llama-3.1-8b", "rtx-4090", "fp16", 2)]
    public void ItFitsWhereMemorySaysSo(string model, string gpu, string weights, int batch)
    {
        string[] asked = [model, "--gpu", gpu, "--weights", weights, "--batch", $"{batch}", "--json"];
        Command memory = Command.Run(["memory", .. asked, "--context", "4096"]);
        Command speed = Command.Run(["speed", .. asked, "--prompt", "3968", "--output", "128"]);

        Assert.Equal(memory.Json[0].GetProperty("fits").GetBoolean(), speed.Json.GetProperty("fits").GetBoolean());
        Assert.Equal(memory.Exit, speed.Exit);
    }

    [Theory]
    [InlineData("q4_k_m", "bf16", "vllm", "h100-sxm-80gb", "--weights: vllm does not load q4_k_m")]
    [InlineData("fp8", "q8_0", "vllm", "h100-sxm-80gb", "--kv: vllm has no q8_0 cache")]
    [InlineData("bf16", "bf16", "tensorrt-llm", "apple-m2-ultra-76-core", "--engine: tensorrt-llm does not run on Apple's")]
    public void WhatAnEngineLacksIsRefusedAsMemoryDoes(string weights, string cache, string engine, string gpu, string error)
    {
        Command run = Command.Run("speed", "llama-3.1-8b", "--gpu", gpu, "--weights", weights, "--kv", cache, "--engine", engine,
            "--prompt", "512", "--output", "128");

        Assert.Equal(2, run.Exit);
        Assert.Contains(error, run.Error);
    }

    [Theory]
    [InlineData("exllamav2", "exl2-4.0bpw", "exllamav2 takes beside weights and cache is not in the need: no measurement")]
    [InlineData("bound", "bf16", "bound takes beside weights and cache is not in the need: it is a bound of time")]
    public void WhatIsNotKnownOfAnEnginesMemoryIsSaid(string engine, string weights, string warning) => Assert.Contains(warning,
        Command.Run("speed", "opt-350m", "--gpu", "rtx-4090", "--weights", weights, "--engine", engine, "--prompt", "9",
            "--output", "9").Output);

    [Fact]
    public void WhatIsNotKnownOfAnEnginesSpeedIsSaid()
    {
        Command run = Command.Run("speed", "opt-350m", "--gpu", "rtx-4090", "--weights", "bf16", "--engine", "transformers",
            "--prompt", "9", "--output", "9");

        Assert.Equal(2, run.Exit);
        Assert.Contains("--engine: how fast transformers is, is not known: no measurement", run.Error);
    }

    [Fact]
    public void OnAppleTheUsualEngineIsOneThatRunsThere() => Assert.Equal("llama.cpp", Command.Run("speed", "opt-350m", "--gpu",
        "apple-m2", "--weights", "bf16", "--prompt", "9", "--output", "9", "--json").Json.GetProperty("engine").GetString());

    [Fact]
    public void WhatWasNotMeasuredAndWhatIsWidenedIsSaid()
    {
        Command elsewhere = Command.Run(
            "speed", "llama-3.1-8b", "--gpu", "a100-sxm-80gb", "--weights", "fp8", "--prompt", "512", "--output", "128");
        Assert.Contains("tells of such hardware", elsewhere.Output);
        Assert.Contains("widened to 16 bits", elsewhere.Output);
        Command measured = Command.Run(["speed", "llama-3.1-8b", .. s_usual]);
        Assert.DoesNotContain("not measured", measured.Output);
    }

    [Fact]
    public void TheWorkingShowsWhatACacheCostsAndSaves()
    {
        Command run = Command.Run(["speed", "llama-3.1-8b", .. s_usual, "--explain"]);
        // 640 tokens of 131,072 bytes in bf16.
        Assert.Contains("83,886,080", run.Output);
        Assert.Contains("recomputes its context", run.Output);
    }

    internal const string Tiny = """
        {"model_type": "llama", "hidden_size": 1, "intermediate_size": 1, "num_hidden_layers": 1, "num_attention_heads": 1,
         "num_key_value_heads": 1, "head_dim": 2, "vocab_size": 1}
        """;

    [Fact]
    public void TheSmallestModelHasFiniteTimesAndRates()
    {
        using var folder = new Folder();
        string tiny = folder.Write("tiny.json", Tiny);
        Command run = Command.Run("speed", tiny, "--gpu", "h200-sxm-141gb", "--engine", "reference", "--weights", "bf16",
            "--prompt", "1", "--output", "1", "--json");

        Assert.Equal((0, ""), (run.Exit, run.Error));
        // 100 ns for one token.
        Assert.Equal(1e-4, run.Json.GetProperty("totalMs").GetProperty("expected").GetDouble());
        Assert.Equal(1e7, run.Json.GetProperty("outputTokensPerSecond").GetProperty("expected").GetDouble());
    }
}
