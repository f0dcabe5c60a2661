using System.Text.Json;

namespace LlmMath.Cli.Tests;

/// <summary><c>memory</c> takes the same deployment as <c>speed</c>: GPUs of their own that read prompts, stages,
/// replicas.</summary>
public class MemoryOfTwoSidesTests
{
    private static readonly string[] s_sides =
        ["--gpu", "h100-sxm-80gb", "--weights", "fp8", "--prefill-gpus", "4", "--decode-gpus", "8", "--tp", "4", "--batch", "64"];

    [Fact]
    public void BothVerbsSayTheSameOfEachSide()
    {
        JsonElement memory = Command.Run(["memory", "llama-3.1-70b", .. s_sides, "--context", "2304", "--prompt", "2048",
            "--json"]).Json[0];
        JsonElement speed = Command.Run(["speed", "llama-3.1-70b", .. s_sides, "--prompt", "2048", "--output", "256",
            "--json"]).Json;
        foreach (string key in new[] { "prefillGpus", "tp", "dp", "prefillPerGpuBytes" })
        {
            Assert.Equal(speed.GetProperty(key).GetInt64(), memory.GetProperty(key).GetInt64());
        }

        Assert.Equal(speed.GetProperty("decodePerGpuBytes").GetInt64(), memory.GetProperty("perGpuBytes").GetInt64());
        Assert.Equal(speed.GetProperty("fits").GetBoolean(), memory.GetProperty("fits").GetBoolean());
        Assert.Contains("prompts are read on 4 × h100-sxm-80gb (TP 4)",
            Command.Run(["memory", "llama-3.1-70b", .. s_sides, "--context", "2304"]).Output);
    }

    [Fact]
    public void ASideThatDoesNotFitIsSaid()
    {
        Command run = Command.Run("memory", "llama-3.1-70b", "--gpu", "h100-sxm-80gb", "--weights", "fp8", "--prefill-gpus", "2",
            "--decode-gpus", "8", "--prefill-gpu", "rtx-4090", "--prefill-link", "100", "--tp", "2");
        Assert.Contains("GPUs that read prompts: does not fit rtx-4090", run.Output);
        Assert.Equal(3, run.Exit);
    }

    [Theory]
    [InlineData("--gpus 8 --pp 2", 4, 2)]
    [InlineData("--gpus 8 --pp 2 --tp 2 --dp 2", 2, 2)]
    [InlineData("--gpus 8 --tp 2 --dp 2", 2, 2)]
    [InlineData("--gpus 8 --dp 2", 4, 1)]
    public void DegreesAreReadAlike(string options, int tensor, int stages)
    {
        string[] usual = ["llama-3.1-8b", "--gpu", "h100-sxm-80gb", "--weights", "bf16", .. options.Split(' '), "--json"];
        JsonElement memory = Command.Run(["memory", .. usual]).Json[0];
        JsonElement speed = Command.Run(["speed", .. usual, "--prompt", "100", "--output", "10"]).Json;
        Assert.Equal((tensor, stages), (memory.GetProperty("tp").GetInt32(), memory.GetProperty("pp").GetInt32()));
        Assert.Equal((tensor, stages), (speed.GetProperty("tp").GetInt32(), speed.GetProperty("pp").GetInt32()));
    }

    [Theory]
    [InlineData("--prefill-gpus 4", "--decode-gpus is needed")]
    [InlineData("--prefill-gpus 4 --decode-gpus 4 --prefill-gpu b200-sxm-180gb", "--prefill-link")]
    [InlineData("--prefill-gpus 4 --decode-gpus 4 --prefill-gpu b2000", "--prefill-gpu: \"b2000\"")]
    [InlineData("--gpus 4 --pp 3", "--gpus: --tp 1, --pp 3 and --dp 1 need 3 GPUs; they are 4")]
    [InlineData("--gpus 4 --pp 0", "--pp: 1 or more is needed")]
    public void WhatCannotBeIsOneLine(string options, string error)
    {
        Command run = Command.Run(["memory", "llama-3.1-70b", "--gpu", "h100-sxm-80gb", "--weights", "fp8",
            .. options.Split(' ')]);
        Assert.Equal(2, run.Exit);
        Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
        Assert.Contains(error, run.Error);
    }
}
