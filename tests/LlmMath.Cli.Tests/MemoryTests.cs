using System.Text;
using System.Text.Json;

namespace LlmMath.Cli.Tests;

public class MemoryTests
{
    [Fact]
    public void AConfigsOwnFormatIsTakenUnlessAnotherIsAskedFor()
    {
        using var folder = new Folder();
        string path = folder.Write("config.json", """
            { "model_type": "llama", "num_hidden_layers": 2, "torch_dtype": "bfloat16" }
            """);
        folder.Write("hf_quant_config.json", """
            { "quantization": { "quant_algo": "FP8", "exclude_modules": ["lm_head", "model.layers.1*"] } }
            """);
        JsonElement own = Command.Run("memory", path, "--engine", "none", "--json").Json[0];
        JsonElement asked = Command.Run("memory", path, "--engine", "none", "--weights", "bf16", "--json").Json[0];

        Assert.Equal("bf16 + fp8", own.GetProperty("weights").GetString());
        // One of two layers is halved: its linear layers' elements, less two scales of 4 bytes each.
        long linear = (4L * 4096 * 4096) + (3L * 4096 * 11008);
        Assert.Equal(linear - (7 * 8), asked.GetProperty("weightsBytes").GetInt64() - own.GetProperty("weightsBytes").GetInt64());

        folder.Write("hf_quant_config.json", """{ "quantization": { "quant_algo": "FP7" } }""");
        Command wrong = Command.Run("memory", path, "--engine", "none");
        Assert.Equal(2, wrong.Exit);
        Assert.Contains("hf_quant_config.quantization.quant_algo", Assert.Single(wrong.Error.TrimEnd().Split('\n')),
            StringComparison.Ordinal);
        Assert.Equal(0, Command.Run("memory", path, "--engine", "none", "--weights", "bf16").Exit);
    }

    [Fact]
    public void JsonIsAsTheContractSays()
    {
        Command run = Command.Run("memory", "gpt-oss-120b", "--weights", "mxfp4", "--kv", "fp16", "--batch", "4", "--context",
            "8192",
            "--gpu", "h200-sxm-141gb", "--engine", "vllm", "--json");
        JsonElement answer = run.Json[0];

        Assert.Equal(0, run.Exit);
        Assert.Equal("gpt-oss-120b", answer.GetProperty("model").GetString());
        Assert.Equal("h200-sxm-141gb", answer.GetProperty("gpu").GetString());
        Assert.Equal("vllm", answer.GetProperty("engine").GetString());
        Assert.Equal(73_728, answer.GetProperty("kvBytesPerToken").GetInt64());
        Assert.Equal(36_864, answer.GetProperty("kvBytesPerTokenBeyondWindows").GetInt64());
        Assert.Equal(0, answer.GetProperty("stateBytes").GetInt64());
        Assert.Equal(answer.GetProperty("totalBytes").GetInt64(), Long(answer, "weightsBytes") + Long(answer, "kvCacheBytes")
            + Long(answer, "activationBytes") + Long(answer, "runtimeBytes"));
        Assert.Equal(Long(answer, "totalBytes"), Long(answer, "perGpuBytes"));
        Assert.Equal(0, Long(answer, "hostBytes"));
        Assert.Equal(1, Long(answer, "minGpus"));
        Assert.True(answer.GetProperty("fits").GetBoolean());
        Assert.Equal(131_072, Long(answer, "maxContext"));
        Assert.InRange(Long(answer, "maxBatch"), 4, 100_000);
    }

    [Fact]
    public void WithoutAGpuNothingFitsOrFailsToFit()
    {
        JsonElement answer = Command.Run("memory", "llama-3.1-8b", "--weights", "bf16", "--engine", "none", "--json").Json[0];

        Assert.Equal(JsonValueKind.Null, answer.GetProperty("fits").ValueKind);
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("gpu").ValueKind);
        Assert.Equal(0, Long(answer, "activationBytes") + Long(answer, "runtimeBytes"));
        Assert.Equal(4096 * 131_072, Long(answer, "kvCacheBytes"));
    }

    [Fact]
    public void WhatDoesNotFitIsStatus3AndSaysWhatHelps()
    {
        Command run = Command.Run("memory", "opt-350m", "llama-3.3-70b-instruct", "--weights", "q4_k_m", "--context", "2048",
            "--gpu", "rtx-4090");

        Assert.Equal(3, run.Exit);
        Assert.Contains("fits rtx-4090", run.Output);
        Assert.Contains("does not fit rtx-4090", run.Output);
        Assert.Contains("-ngl", run.Output);
        Assert.Contains("2 GPUs (PP 2) saves", run.Output);
    }

    [Fact]
    public void LlamaCppsEmbeddingAndInputsAreInSystemMemory()
    {
        JsonElement cuda = Command.Run("memory", "llama-3.1-8b", "--weights", "q4_k_m", "--gpu", "rtx-4090", "--json").Json[0];
        JsonElement apple = Command.Run(
            "memory", "llama-3.1-8b", "--weights", "q4_k_m", "--gpu", "apple-m1-pro", "--json").Json[0];
        // token_embd in Q4_K: 128,256 × 4,096 × 4.5 bits; inputs: 512 × (4,096 + 4,096) × 4 bytes.
        const long host = (128_256L * 4096 * 9 / 16) + (512 * 8192 * 4);

        Assert.Equal(host, Long(cuda, "hostBytes"));
        Assert.Equal(Long(cuda, "totalBytes"), Long(cuda, "perGpuBytes") + host);
        Assert.Equal(450L << 20, Long(cuda, "runtimeBytes"));
        Assert.Equal(0, Long(apple, "runtimeBytes"));
    }

    [Fact]
    public void GpusOfDifferentSizeGetLayersByMemoryOrAnEqualShare()
    {
        Command layers = Command.Run(
            "memory", "llama-3.3-70b-instruct", "--weights", "q4_k_m", "--gpu", "rtx-4090,rtx-3090,rtx-3060-12gb");
        Command shares = Command.Run(
            "memory", "llama-3.1-8b", "--weights", "fp16", "--gpu", "rtx-4090", "--gpu", "rtx-3060-12gb");

        Assert.Equal(0, layers.Exit);
        Assert.Contains("layers are given by memory", layers.Output);
        Assert.Contains("each holds an equal share, so rtx-3060-12gb decides", shares.Output);
    }

    [Theory]
    [InlineData("t4 (compute capability 7.5) is too old for weights in fp8", "fp8", "t4", "vllm")]
    [InlineData("t4 (compute capability 7.5) is too old for weights in bf16: vllm needs 8.0 or later; give fp16", "bf16", "t4",
        "vllm")]
    [InlineData("multiplies in 16 bits", "nvfp4", "a100-sxm-80gb", "vllm")]
    [InlineData("sglang's activations and runtime were not measured", "bf16", "h100-sxm-80gb", "sglang")]
    public void WhatAGpuOrTheEvidenceLacksIsAWarning(string warning, string weights, string gpu, string engine) =>
        Assert.Contains(warning,
            Command.Run("memory", "opt-350m", "--weights", weights, "--gpu", gpu, "--engine", engine).Output);

    [Fact]
    public void AnEncodersTokensAreCachedForCrossAttention()
    {
        long without = Long(Command.Run(
            "memory", "flan-t5-base", "--weights", "fp16", "--context", "10", "--engine", "none", "--json")
            .Json[0], "kvCacheBytes");
        long with = Long(Command.Run("memory", "flan-t5-base", "--weights", "fp16", "--context", "10", "--encoder-tokens", "77",
            "--engine", "none", "--json").Json[0], "kvCacheBytes");

        // 12 layers × 77 tokens × (768 keys + 768 values) × 2 bytes.
        Assert.Equal(12 * 77 * 2 * 768 * 2, with - without);
    }

    [Fact]
    public void AdditionsAreNamedAndCount()
    {
        JsonElement answer = Command.Run(
            "memory", "qwen3-vl-8b-instruct", "--weights", "bf16", "--draft", "qwen3-0.6b", "--lora", "2",
            "--prefix-cache", "1000", "--vision", "--explain", "--json").Json[0];
        string[] terms = [.. answer.GetProperty("explain").EnumerateArray()
            .Select(line => line.GetProperty("term").GetString()!)];

        Assert.Contains("draft model qwen3-0.6b", terms);
        Assert.Contains("LoRA adapters", terms);
        Assert.Contains("prefix cache", terms);
        Assert.Contains("vision tower", terms);
        Assert.Equal(Long(answer, "additionBytes"), answer.GetProperty("explain").EnumerateArray()
            .Where(line => line.GetProperty("term").GetString() is not ("weights" or "activations" or "runtime")
                && !line.GetProperty("term").GetString()!.StartsWith("keys", StringComparison.Ordinal))
            .Sum(line => line.GetProperty("bytes").GetInt64()));
        Assert.DoesNotContain("vision", string.Join(' ', answer.GetProperty("warnings").EnumerateArray()));
    }

    [Fact]
    public void TheWorkingNamesEachKindOfLayer()
    {
        Command run = Command.Run("memory", "gpt-oss-120b", "--weights", "mxfp4", "--context", "1000", "--engine", "none",
            "--explain", "--json");
        JsonElement[] lines = [.. run.Json[0].GetProperty("explain").EnumerateArray()];

        Assert.Equal(3, lines.Length);
        Assert.Contains("128 tokens", lines[1].GetProperty("formula").GetString());
        Assert.Contains("1,000 tokens", lines[2].GetProperty("formula").GetString());
        Assert.Equal(Long(run.Json[0], "totalBytes"), Long(lines[2], "runningTotal"));
    }

    [Theory]
    [InlineData(128, 512L)]
    [InlineData(8, null)]
    public void ACheckpointNeedsNoFormatAndCountsItsOwnBytes(int elements, long? bytes)
    {
        using var folder = new Folder();
        folder.Write("config.json", """
            {"model_type":"llama","vocab_size":16,"hidden_size":8,"intermediate_size":16,"num_hidden_layers":1,
             "num_attention_heads":2}
            """);
        string tensor = $$$"""{"dtype":"F32","shape":[{{{elements}}}],"data_offsets":[0,{{{4 * elements}}}]}""";
        byte[] header = Encoding.UTF8.GetBytes($$"""{"model.norm.weight":{{tensor}}}""");
        string path = folder.Write("model.safetensors", [.. BitConverter.GetBytes((long)header.Length), .. header,
            .. new byte[4 * elements]]);

        Command run = Command.Run("memory", path, "--engine", "none", "--json");

        if (bytes is { } whole)
        {
            Assert.Equal(whole, Long(run.Json[0], "weightsBytes"));
        }
        else
        {
            Assert.Equal(2, run.Exit);
            Assert.Contains("holds 32 bytes, too few for the ", run.Json[0].GetProperty("error").GetString());
        }
    }

    [Theory]
    [InlineData("--prefix-cache", "100000", 100_000, false)]
    [InlineData("--draft", "llama-3.1-8b", 100, true)]
    public void WhatIsHeldBesideTheModelHasKeysAndValuesInTheirFormats(string option, string value, long tokens, bool hasWeights)
    {
        JsonElement answer = Command.Run("memory", "llama-3.1-8b", "--weights", "q4_k_m", "--kv", "q8_0", "--kv-values", "q4_0",
            option, value, "--context", "100", "--json").Json[0];

        Assert.Equal(53_248, Long(answer, "kvBytesPerToken"));
        Assert.Equal((tokens * 53_248) + (hasWeights ? Long(answer, "weightsBytes") : 0), Long(answer, "additionBytes"));
    }

    /// <summary>The block for prediction of DeepSeek-V3, 11,610,068,224 parameters in 16 bits (deepseek-ai/DeepSeek-V3,
    /// README_WEIGHTS.md: 11.5 billion of its own), and a layer more of cache beside its 61.</summary>
    [Fact]
    public void WhatDraftsIsCounted()
    {
        string[] asked = ["memory", "deepseek-v3", "--weights", "bf16", "--context", "6100", "--json"];
        JsonElement without = Command.Run(asked).Json[0], with = Command.Run([.. asked, "--draft-tokens", "2"]).Json[0];
        Assert.Equal(2 * 11_610_068_224, Long(with, "weightsBytes") - Long(without, "weightsBytes"));
        Assert.Equal(Long(without, "kvCacheBytes") / 61 * 62, Long(with, "kvCacheBytes"));

        JsonElement named = Command.Run([.. asked, "--draft-tokens", "2", "--draft", "llama-3.2-1b"]).Json[0];
        Assert.Equal(Long(without, "weightsBytes"), Long(named, "weightsBytes"));
        Assert.True(Long(named, "additionBytes") > 1_000_000_000);
    }

    [Theory]
    [InlineData("llama-3.1-8b", null, true)]
    [InlineData("llama-3.1-8b", "llama-3.2-1b", false)]
    [InlineData("deepseek-v3", null, false)]
    public void AHeadThatIsNotCountedIsSaid(string model, string? draft, bool isSaid)
    {
        Command run = Command.Run(["memory", model, "--weights", "fp8", "--draft-tokens", "2",
            .. draft is null ? Array.Empty<string>() : ["--draft", draft]]);
        Assert.Equal(isSaid, run.Output.Contains("(EAGLE) holds is not counted", StringComparison.Ordinal)
            || run.Error.Contains("(EAGLE) holds is not counted", StringComparison.Ordinal));
    }

    [Fact]
    public void DraftsAreOneOrMore()
    {
        Command run = Command.Run("memory", "deepseek-v3", "--weights", "fp8", "--draft-tokens", "0");
        Assert.Equal(2, run.Exit);
        Assert.Equal("llmmath: --draft-tokens: 1 or more is needed; it is 0.", run.Error.TrimEnd());
    }

    [Fact]
    public void ALongestContextIsFoundWhereScoresGrowWithItsSquare()
    {
        JsonElement answer = Command.Run("memory", "llama-3.1-8b", "--weights", "fp16", "--engine", "autoawq", "--gpu",
            "h100-sxm-80gb", "--batch", "8", "--context", "2048", "--extend-context", "--json").Json[0];

        Assert.True(answer.GetProperty("fits").GetBoolean());
        Assert.InRange(Long(answer, "maxContext"), 2048, 100_000);
    }

    [Fact]
    public void SizesBeyondAnyMemoryNameTheOption()
    {
        Command run = Command.Run("memory", "llama-3.1-8b", "--weights", "fp16", "--context", "9223372036854775807",
            "--extend-context");

        Assert.Equal(2, run.Exit);
        Assert.StartsWith("llmmath: --context: ", run.Error);
        Assert.Contains("exceed 2^63 - 1 bytes", run.Error);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }

    private static long Long(JsonElement element, string name) => element.GetProperty(name).GetInt64();

    [Fact]
    public void WithoutAGpuTheAnswerSaysWhoseSettingsItHas()
    {
        var bare = Command.Run("memory", "opt-350m", "--weights", "fp32");
        var placed = Command.Run("memory", "opt-350m", "--weights", "fp32", "--gpu", "rtx-4090", "--json");

        Assert.Contains("assumed: the engine vllm", bare.Output);
        Assert.Contains("no GPU, so nothing is said to fit, and vllm has the settings of GPUs without a rule of their own "
            + "(passes of 8,192 tokens", bare.Output);
        Assert.DoesNotContain("no GPU", placed.Json[0].GetProperty("assumed").ToString());
    }

    [Fact]
    public void ASizeOfSharedMemoryCanBeSaid()
    {
        string[] mac = ["memory", "gpt-oss-20b", "--weights", "mxfp4_moe", "--engine", "llama.cpp", "--json", "--gpu"];
        var small = Command.Run([.. mac, "apple-m4-pro-20-core", "--memory", "16"]);
        var large = Command.Run([.. mac, "apple-m4-pro-20-core", "--memory", "48"]);
        var own = Command.Run([.. mac, "rtx-4090", "--memory", "24"]);
        var most = Command.Run([.. mac, "apple-m4", "--memory", "64"]);

        // macOS gives the GPU two thirds of 16 GB, three quarters of 48.
        Assert.Equal((3, 16L << 30), (small.Exit, (small.Json[0].GetProperty("roomBytes").GetInt64() * 3 / 2) + 1));
        Assert.Equal((0, 36L << 30), (large.Exit, large.Json[0].GetProperty("roomBytes").GetInt64()));
        Assert.Contains("--memory: rtx-4090 has a memory of its own", own.Error);
        Assert.Equal((2, 2), (own.Exit, most.Exit));
        Assert.Contains("--memory: 1 to 32 is right for apple-m4; it is 64.", most.Error);
    }
}
