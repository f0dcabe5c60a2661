using System.Text.Json;

namespace LlmMath.Cli.Tests;

/// <summary><c>speed</c> with GPUs of their own that read prompts.</summary>
public class SpeedOfTwoSidesTests
{
    private static readonly string[] s_asked =
    [
        "speed", "llama-3.1-70b", "--gpu", "h100-sxm-80gb", "--prompt", "2048", "--output", "256", "--batch", "64",
    ];

    [Fact]
    public void BothSidesAreInTheAnswer()
    {
        JsonElement root = Command.Run([.. s_asked, "--weights", "fp8", "--prefill-gpus", "4", "--decode-gpus", "8", "--tp", "4",
            "--json"]).Json;
        Assert.Equal((12, 4, 8, 4, 2), (root.GetProperty("gpus").GetInt32(), root.GetProperty("prefillGpus").GetInt32(),
            root.GetProperty("decodeGpus").GetInt32(), root.GetProperty("tp").GetInt32(), root.GetProperty("dp").GetInt32()));
        Assert.Equal("h100-sxm-80gb", root.GetProperty("prefillGpu").GetString());
        Assert.True(root.GetProperty("prefillPerGpuBytes").GetInt64() > 0);
        Assert.NotEqual(root.GetProperty("decodePerGpuBytes").GetInt64(), root.GetProperty("prefillPerGpuBytes").GetInt64());
        Command text = Command.Run([.. s_asked, "--weights", "fp8", "--prefill-gpus", "2", "--decode-gpus", "2"]);
        Assert.Equal((0, ""), (text.Exit, text.Error));
        Assert.Contains("prompts are read on 2 × h100-sxm-80gb (TP 2)", text.Output);
        Assert.False(Command.Run([.. s_asked, "--weights", "fp8", "--json"]).Json.TryGetProperty("prefillGpus", out _));
        // The same as a line of many.
        using var output = new StringWriter();
        LlmMathCommand.Run(["speed", "--requests", "-"], output, TextWriter.Null, new StringReader(
            """{"model":"llama-3.1-70b","gpu":"h100-sxm-80gb","weights":"fp8","prompt":2048,"output":256,"batch":64,"""
            + """ "prefill-gpus":4,"decode-gpus":8,"tp":4}"""));
        Assert.Equal(root.GetProperty("totalMs").GetProperty("expected").GetDouble(),
            JsonDocument.Parse(output.ToString()).RootElement.GetProperty("totalMs").GetProperty("expected").GetDouble());
    }

    [Theory]
    [InlineData("--prefill-gpus 0 --decode-gpus 4", "--prefill-gpus: 1 or more")]
    [InlineData("--prefill-gpus 4 --decode-gpus -1", "--decode-gpus: 1 or more")]
    [InlineData("--prefill-gpus 4", "--decode-gpus is needed")]
    [InlineData("--prefill-gpu b200-sxm-180gb", "--prefill-gpus is needed")]
    [InlineData("--prefill-gpus 2 --decode-gpus 8 --tp 4", "--prefill-gpus: a multiple of 4 is right, so many share the model")]
    [InlineData("--prefill-gpus 4 --decode-gpus 6 --tp 4", "--decode-gpus: a multiple of 4")]
    [InlineData("--prefill-gpus 4 --decode-gpus 4 --gpus 4", "--gpus: --prefill-gpus 4 and --decode-gpus 4 are 8 GPUs")]
    [InlineData("--prefill-gpus 4 --decode-gpus 4 --dp 2", "--dp:")]
    [InlineData("--prefill-gpus 3 --decode-gpus 3 --tp 3", "--tp: 3 does not divide")]
    [InlineData("--prefill-gpus 4 --decode-gpus 4 --prefill-gpu b200-sxm-180gb", "--prefill-link: b200-sxm-180gb and")]
    [InlineData("--prefill-gpus 4 --decode-gpus 4 --prefill-link 0", "--prefill-link: bytes a second above 0")]
    [InlineData("--prefill-gpus 4 --decode-gpus 4 --prefill-gpu b2000", "--prefill-gpu: \"b2000\"")]
    [InlineData("--prefill-gpus 4 --decode-gpus 4 --engine exllamav2", "--prefill-gpus: exllamav2 sends no cache")]
    [InlineData("--prefill-gpus 4 --decode-gpus 4 --arrival never", "--arrival: \"never\" is none of")]
    [InlineData("--prefill-gpus 4 --decode-gpus 4 --cached 2048", "--cached: 0 to 2,047")]
    public void WhatCannotBeIsOneLine(string options, string error)
    {
        string weights = options.Contains("exllama", StringComparison.Ordinal) ? "exl2-4.0bpw" : "fp8";
        Command run = Command.Run([.. s_asked, .. options.Split(' '), "--weights", weights]);
        Assert.Equal(2, run.Exit);
        Assert.Single(run.Error.TrimEnd('\n').Split('\n'));
        Assert.Contains(error, run.Error);
    }
}
