using System.Text.Json;

namespace LlmMath.Cli.Tests;

public class MemoryTests
{
    [Fact]
    public void JsonIsAsTheContractSays()
    {
        Command run = Command.Run("memory", "gpt-oss-120b", "--weights", "mxfp4", "--kv", "fp16", "--batch", "4", "--context",
            "8192",
            "--gpu", "h200-sxm-141gb", "--engine", "vllm", "--json");
        JsonElement answer = run.Json[0];

        Assert.Equal(0, run.Exit);
        Assert.Equal("gpt-oss-120b", answer.GetProperty("model").GetString());
        Assert.Equal(73_728, answer.GetProperty("kvBytesPerToken").GetInt64());
        Assert.Equal(36_864, answer.GetProperty("kvBytesPerTokenBeyondWindows").GetInt64());
        Assert.Equal(0, answer.GetProperty("stateBytes").GetInt64());
        Assert.Equal(answer.GetProperty("totalBytes").GetInt64(), Long(answer, "weightsBytes") + Long(answer, "kvCacheBytes")
            + Long(answer, "activationBytes") + Long(answer, "runtimeBytes"));
        Assert.Equal(answer.GetProperty("totalBytes").GetInt64(), Long(answer, "perGpuBytes"));
        Assert.True(answer.GetProperty("fits").GetBoolean());
        Assert.Equal(131_072, Long(answer, "maxContext"));
        Assert.InRange(Long(answer, "maxBatch"), 4, 100_000);
    }

    [Fact]
    public void WithoutAGpuNothingFitsOrFailsToFit()
    {
        JsonElement answer = Command.Run("memory", "llama-3.1-8b", "--weights", "bf16", "--engine", "none", "--json").Json[0];

        Assert.Equal(JsonValueKind.Null, answer.GetProperty("fits").ValueKind);
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

    [Fact]
    public void ACheckpointNeedsNoFormatAndCountsItsOwnBytes()
    {
        using var folder = new Folder();
        folder.Write("config.json", """
            {"model_type":"llama","vocab_size":16,"hidden_size":8,"intermediate_size":16,"num_hidden_layers":1,"num_attention_heads":2}
            """);
        byte[] header = """{"model.norm.weight":{"dtype":"F32","shape":[8],"data_offsets":[0,32]}}"""u8.ToArray();
        string path = folder.Write("model.safetensors", [.. BitConverter.GetBytes((long)header.Length), .. header,
            .. new byte[32]]);

        Assert.Equal(32, Long(Command.Run("memory", path, "--engine", "none", "--json").Json[0], "weightsBytes"));
    }

    [Theory]
    [InlineData("--weights is needed", "memory", "opt-350m")]
    [InlineData("\"q4_k_x\" is no weight format. Nearest: ", "memory", "opt-350m", "--weights", "q4_k_x")]
    [InlineData("--kv: \"fp7\" is no cache format. Formats: ", "memory", "opt-350m", "--weights", "fp16", "--kv", "fp7")]
    [InlineData("--gpu: \"rtx-409\" is not in the catalog. Nearest: ", "memory", "opt-350m", "--weights", "fp16", "--gpu",
        "rtx-409")]
    [InlineData("\"vlm\" is no engine", "memory", "opt-350m", "--weights", "fp16", "--engine", "vlm")]
    [InlineData("vllm does not load q8_0", "memory", "opt-350m", "--weights", "q8_0", "--engine", "vllm")]
    [InlineData("Batch: 1 or more is needed", "memory", "opt-350m", "--weights", "fp16", "--batch", "0")]
    [InlineData("Context: 1 or more is needed", "memory", "opt-350m", "--weights", "fp16", "--context", "0")]
    [InlineData("Context: the model was made for at most 2,048 tokens", "memory", "opt-350m", "--weights", "fp16",
        "--context", "2049")]
    [InlineData("--gpus: 1 or more is needed", "memory", "opt-350m", "--weights", "fp16", "--gpus", "0")]
    [InlineData("--tp: 3 does not divide the 4 of --gpus", "memory", "opt-350m", "--weights", "fp16", "--gpus", "4", "--tp", "3")]
    [InlineData("3 does not divide the 16 heads", "memory", "opt-350m", "--weights", "fp16", "--gpus", "3", "--tp", "3")]
    public void MistakesGetOneClearLineAndStatus2(string problem, params string[] args)
    {
        Command run = Command.Run(args);

        Assert.Equal(2, run.Exit);
        Assert.Contains(problem, run.Error);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
        Assert.Empty(run.Output);
    }

    private static long Long(JsonElement element, string name) => element.GetProperty(name).GetInt64();
}
