using System.Text.Json;

namespace LlmMath.Cli.Tests;

public class FormatsTests
{
    [Fact]
    public void EveryFormatIsListedWithTheEnginesThatLoadIt()
    {
        JsonElement[] all = [.. Command.Run("formats", "--json").Json.EnumerateArray()];
        Assert.Equal(WeightFormat.All.Select(format => format.Name).Concat(CacheFormat.All.Select(format => format.Name)),
            all.Select(format => format.GetProperty("name").GetString()));
        JsonElement awq = all.Single(format => format.GetProperty("name").GetString() == "awq-4bit-128g");
        Assert.Equal(4, awq.GetProperty("bits").GetInt32());
        Assert.Contains("vllm", awq.GetProperty("engines").EnumerateArray().Select(engine => engine.GetString()));
        Assert.Contains("every engine", Command.Run("formats").Output);
    }

    [Fact]
    public void AnEnginesFormatsAreThoseThatItLoads()
    {
        string[] Names(string engine) => [.. Command.Run("formats", "--engine", engine, "--json").Json.EnumerateArray()
            .Select(format => format.GetProperty("name").GetString()!)];
        Assert.Contains("q4_k_m", Names("llama-cpp"));
        Assert.DoesNotContain("awq-4bit-128g", Names("llama.cpp"));

        Command unknown = Command.Run("formats", "--engine", "vlm");
        Assert.Equal((2, ""), (unknown.Exit, unknown.Output));
        Assert.StartsWith("llmmath: --engine: \"vlm\" is not in the catalog. Nearest: vllm", unknown.Error);
    }
}
