using System.Text.Json;

namespace LlmMath.Cli.Tests;

public class SpeedTests
{
    private static readonly string[] s_usual = ["--gpu", "h100-sxm-80gb", "--weights", "fp8", "--prompt", "512", "--output", "128"];

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
    public void WhatDoesNotFitIsAnsweredWithThree()
    {
        Command run = Command.Run(["speed", "llama-3.1-405b", .. s_usual, "--json"]);
        Assert.Equal(3, run.Exit);
        Assert.False(JsonDocument.Parse(run.Output).RootElement.GetProperty("fits").GetBoolean());
    }

    [Theory]
    [InlineData("--gpu", "h100-sxm", "--gpu", "h100-sxm-80gb")]
    [InlineData("--weights", "fp7", "--weights", "fp8")]
    [InlineData("--engine", "vlm", "--engine", "vllm")]
    [InlineData("--tp", "3", "--tp", "divide")]
    [InlineData("--prompt", "0", "PromptTokens", "1 or more")]
    public void BadInputIsOneLineThatNamesTheOption(string option, string value, string names, string offers)
    {
        string[] usual = [.. s_usual.Chunk(2).Where(pair => pair[0] != option).SelectMany(pair => pair)];
        Command run = Command.Run(["speed", "llama-3.1-8b", .. usual, option, value]);
        Assert.Equal(2, run.Exit);
        Assert.Contains(names, run.Error);
        Assert.Contains(offers, run.Error);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public void ManyRequestsAreAnsweredLineByLine()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, """
                {"id": 7, "model": "llama-3.1-8b", "gpu": "h100-sxm-80gb", "weights": "fp8", "batch": 4, "prompt": 512, "output": 128}
                {"id": "x", "model": "llama-3.1-8b", "gpu": "h100-sxm-80gb", "weights": "fp8", "prompt": 512}

                {"model": "opt-350m", "gpu": "rtx-4090", "weights": "fp16", "engine": "llama-cpp", "prompt": 100, "output": 10, "surprise": 1}
                [1]
                """);
            Command run = Command.Run(["speed", "--requests", file]);
            string[] lines = run.Output.TrimEnd().Split('\n');
            Assert.Equal((2, 4), (run.Exit, lines.Length));
            JsonElement first = JsonDocument.Parse(lines[0]).RootElement;
            Assert.Equal(7, first.GetProperty("id").GetInt32());
            Assert.True(first.GetProperty("totalMs").GetProperty("expected").GetDouble() > 0);
            Assert.Equal("x", JsonDocument.Parse(lines[1]).RootElement.GetProperty("id").GetString());
            Assert.Contains("output", JsonDocument.Parse(lines[1]).RootElement.GetProperty("error").GetString());
            Assert.Contains("surprise", lines[2]);
            Assert.Contains("object", lines[3]);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
