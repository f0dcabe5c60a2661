using System.Text.Json;

namespace LlmMath.Cli.Tests;

public class CatalogTests
{
    [Fact]
    public void ModelsAreListed()
    {
        JsonElement all = Command.Run("models", "--json").Json, opt = Command.Run("models", "--family", "opt", "--json").Json;

        Assert.True(all.GetArrayLength() >= 184);
        Assert.Equal(7, opt.GetArrayLength());
        Assert.All(opt.EnumerateArray(), model => Assert.Equal("opt", model.GetProperty("family").GetString()));
        JsonElement entry = opt.EnumerateArray().Single(m => m.GetProperty("name").GetString() == "opt-350m");
        Assert.Equal("facebook/opt-350m", entry.GetProperty("id").GetString());
    }

    [Fact]
    public void ModelsAreFoundByWordsAndDates()
    {
        Command words = Command.Run("models", "--search", "LLAMA 405b", "--json");
        Assert.All(words.Json.EnumerateArray(), model => Assert.Contains("405b", model.GetProperty("name").GetString()));
        Assert.NotEqual(0, words.Json.GetArrayLength());

        string[] Dates(string since) => [.. Command.Run("models", "--since", since, "--json").Json.EnumerateArray()
            .Select(model => model.GetProperty("released").GetString()!)];
        Assert.All(Dates("2026-01"), date => Assert.True(string.CompareOrdinal(date, "2026-01") >= 0, date));
        Assert.Equal(Dates("2026"), Dates("2026-01-01"));
        Assert.Empty(Dates("2999"));
        Assert.Contains("no date that a source gives", Command.Run("models", "--since", "2026-01").Output);
        Assert.Equal("[]", Command.Run("models", "--search", "no such words", "--json").Output.Trim());
    }

    [Theory]
    [InlineData("January")]
    [InlineData("2026-13")]
    [InlineData("2026-1")]
    [InlineData("")]
    public void WhatIsNoDateIsRefused(string date)
    {
        Command run = Command.Run("models", "--since", date);
        const string right = "a year, a month or a day is right: 2026, 2026-01, 2026-01-31.";
        Assert.Equal((2, "", $"llmmath: --since: \"{date}\" is no date; {right}"), (run.Exit, run.Output, run.Error.TrimEnd()));
    }

    [Fact]
    public void GpusAreListed()
    {
        JsonElement all = Command.Run("gpus", "--json").Json;
        JsonElement a100 = all.EnumerateArray().Single(g => g.GetProperty("name").GetString() == "a100-sxm-80gb");

        Assert.Equal(85_899_345_920, a100.GetProperty("memoryBytes").GetInt64());
        Assert.Equal(312e12, a100.GetProperty("flops").GetProperty("bf16").GetDouble());
        Assert.Equal(JsonValueKind.Null, a100.GetProperty("flops").GetProperty("fp8").ValueKind);
        Assert.All(Command.Run("gpus", "--vendor", "amd", "--json").Json.EnumerateArray(),
            gpu => Assert.Equal("AMD", gpu.GetProperty("vendor").GetString()));
    }

    [Fact]
    public void TablesHaveNoControlCodesWhenTheyGoToAFile() =>
        Assert.DoesNotContain('\u001b', Command.Run("models").Output + Command.Run("gpus").Output);
}
