using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using LlmMath.Testing;

namespace LlmMath.Cli.Tests;

/// <summary>Numbers are printed and read alike in every country.</summary>
public class CultureTests
{
    private static readonly string[] s_speed =
        ["speed", "llama-3.1-8b", "--gpu", "h100-sxm-80gb", "--weights", "fp8", "--prompt", "512", "--output", "128"];

    public static TheoryData<string[]> Lines =>
    [
        ["--help"], ["models", "--family", "opt"], ["models", "--family", "opt", "--json"], ["gpus"], ["gpus", "--json"],
        ["params", "opt-350m"], ["params", "opt-350m", "--explain", "--convention", "hand-estimate"],
        ["params", "opt-350m", "--explain", "--json"],
        ["memory", "llama-3.1-8b", "--weights", "bf16", "--gpu", "rtx-4090", "--gpu-memory-utilization", "0.9", "--explain"],
        ["memory", "llama-3.1-8b", "--weights", "bf16", "--gpu", "t4", "--gpu-memory-utilization", "0.85", "--json", "--explain"],
        ["memory", "llama-3.1-8b", "--weights", "bf16", "--gpu", "t4", "--gpu-memory-utilization", "1.5"],
        ["memory", "llama-3.1-8b", "--weights", "bf16", "--batch", "-1"],
        [.. s_speed, "--explain"], [.. s_speed, "--explain", "--json"], [.. s_speed, "--gpus", "-2"],
        ["quantize", "--normal", "5000", "--format", "q4_0", "fp32", "int8"],
        ["quantize", "--normal", "5000", "--format", "q4_0", "--json"],
        ["quantize", "--normal", "-5"],
        ["bench", "--threads", "5000"],
    ];

    [Theory]
    [MemberData(nameof(Lines))]
    public void EveryVerbPrintsTheSame(string[] args) =>
        Assert.Equal(Command.Run(args), ForeignNumbers.Run(() => Command.Run(args)));

    [Fact]
    public void AFileIsInspectedAndQuantizedAlike()
    {
        using var folder = new Folder();
        byte[] header = Encoding.UTF8.GetBytes("""{"w":{"dtype":"F32","shape":[1024,4],"data_offsets":[0,16384]}}""");
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        string path = folder.Write("model.safetensors", [.. length, .. header, .. new byte[16384]]);
        string cut = folder.Write("cut.safetensors", [.. length, .. header, .. new byte[5000]]);
        Assert.All([["inspect", path], ["inspect", path, "--json"], ["inspect", cut], ["quantize", path, "--format", "fp16"]],
            (string[] args) => Assert.Equal(Command.Run(args), ForeignNumbers.Run(() => Command.Run(args))));
    }

    [Fact]
    public void WhoeverCallsKeepsTheirCulture()
    {
        (string before, string after) = ForeignNumbers.Run(() =>
        {
            string text = 0.5.ToString(CultureInfo.CurrentCulture);
            Command.Run("models");
            return (text, 0.5.ToString(CultureInfo.CurrentCulture));
        });
        Assert.Equal(("0,5", "0,5"), (before, after));
    }

    [Theory]
    [InlineData("--gpu-memory-utilization: \"0,9\" is no number: write 0.9.", "memory", "--gpu-memory-utilization", "0,9")]
    [InlineData("--gpu-memory-utilization: \"1.000,5\" is no number: digits", "memory", "--gpu-memory-utilization", "1.000,5")]
    [InlineData("--gpu-memory-utilization: \"NaN\" is no number", "memory", "--gpu-memory-utilization", "NaN")]
    [InlineData("--gpu-memory-utilization: \"1e999\" is no number", "memory", "--gpu-memory-utilization", "1e999")]
    [InlineData("--context: \"8,192\" is no whole number: write 8192.", "memory", "--context", "8,192")]
    [InlineData("--context: \"8.192\" is no whole number: write 8192.", "memory", "--context", "8.192")]
    [InlineData("--context: \"8k\" is no whole number: digits alone are needed, as in 4096.", "memory", "--context", "8k")]
    [InlineData("--batch: \"1.5\" is no whole number", "speed", "--batch", "1.5")]
    [InlineData("--batch: \"0,9\" is no whole number", "speed", "--batch", "0,9")]
    [InlineData("--batch: \"99999999999\" is too large: at most 2,147,483,647", "speed", "--batch", "99999999999")]
    [InlineData("--batch: \"-99999999999\" is too small: at least -2,147,483,648", "speed", "--batch", "-99999999999")]
    [InlineData("--normal: \"1.000.000\" is no whole number: write 1000000.", "quantize", "--normal", "1.000.000")]
    [InlineData("--seed: \"9223372036854775808\" is too large: at most 9,223,372,036,854,775,807",
        "quantize", "--seed", "9223372036854775808")]
    [InlineData("--columns: \"4,096\" is no whole number: write 4096.", "bench", "--columns", "64", "--columns", "4,096")]
    public void ANumberOfAnotherCountryIsRefusedAndTheRightOneIsSaid(string problem, params string[] args)
    {
        string[] line = args[0] is "memory" or "speed" ? [args[0], "gpt2", .. args[1..]] : args;
        foreach (Command run in new[] { Command.Run(line), ForeignNumbers.Run(() => Command.Run(line)) })
        {
            Assert.Equal(2, run.Exit);
            Assert.StartsWith("llmmath: " + problem, run.Error, StringComparison.Ordinal);
            Assert.Single(run.Error.TrimEnd().Split('\n'));
            Assert.Empty(run.Output);
        }
    }
}
