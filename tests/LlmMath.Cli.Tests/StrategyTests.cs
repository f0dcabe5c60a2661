using System.Text.Json;

namespace LlmMath.Cli.Tests;

public class StrategyTests
{
    private static readonly string[] s_task =
        ["strategy", "llama-3.1-8b-instruct", "--gpu", "h100-sxm-80gb", "--examples", "1000", "--tokens", "500", "--requests",
            "100000", "--months", "12", "--engine", "vllm"];

    [Fact]
    public void TheContractsKeysAreThere()
    {
        Command run = Command.Run([.. s_task, "--price", "2.5", "--json", "--explain"]);
        Assert.Equal(0, run.Exit);
        JsonElement[] rows = [.. run.Json.GetProperty("rows").EnumerateArray()];
        Assert.Equal(8, rows.Length);
        foreach (JsonElement row in rows)
        {
            Assert.True(row.GetProperty("gpus").GetInt64() >= 1);
            Assert.True(row.GetProperty("fits").GetBoolean());
            foreach (string range in (string[])["trainHours", "oneOffUsd", "monthlyUsd", "totalUsd"])
            {
                JsonElement ends = row.GetProperty(range);
                Assert.InRange(ends.GetProperty("expected").GetDouble(), ends.GetProperty("low").GetDouble(),
                    ends.GetProperty("high").GetDouble());
            }
        }

        Assert.Equal(15, run.Json.GetProperty("breakEven").GetArrayLength());
        Assert.Contains("--prompt 1155", run.Json.GetProperty("assumed").EnumerateArray().Select(text => text.GetString()));
    }

    [Fact]
    public void TheTableSaysThatQualityIsNotGuessed()
    {
        Command run = Command.Run([.. s_task, "--explain"]);
        Assert.Equal(0, run.Exit);
        Assert.Contains("is not guessed", run.Output);
        Assert.Contains("lora, once: ", run.Output);
    }

    [Theory]
    [InlineData("--price", "-1", "--price: above 0 US dollars is right; it is -1.")]
    [InlineData("--examples", "0", "--examples: 1 to 10^12 is right; it is 0.")]
    [InlineData("--tokens", "1000000", "--tokens: the model was made for at most 131,072 tokens")]
    [InlineData("--weights", "fp9", "--weights: ")]
    [InlineData("--shots", "0", "--shots: 1 to 1,000,000 is right; it is 0.")]
    [InlineData("--peak", "0.5", "--peak: ")]
    public void WhatIsWrongIsNamedInOneLine(string option, string value, string error)
    {
        string[] task = s_task;
        int at = Array.IndexOf(task, option);
        Command run = Command.Run(at < 0 ? [.. task, option, value] : [.. task[..(at + 1)], value, .. task[(at + 2)..]]);
        Assert.Equal(2, run.Exit);
        Assert.Contains(error, run.Error);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }
}
