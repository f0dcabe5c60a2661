using System.Text.Json;

namespace LlmMath.Cli.Tests;

public class EnginesTests
{
    [Fact]
    public void EveryEngineIsListedWithWhatIsKnownOfIt()
    {
        Command run = Command.Run("engines");
        Assert.Equal(0, run.Exit);
        Assert.All(EngineCatalog.All, engine =>
        {
            Assert.Contains(engine.Name, run.Output);
            Assert.Contains(engine.MemoryUnknown ?? "measured", run.Output);
            Assert.Contains(engine.SpeedUnknown ?? "rows", run.Output);
        });
    }

    [Fact]
    public void AProgramReadsTheSame()
    {
        JsonElement engines = Command.Run("engines", "--json").Json;
        Assert.Equal(EngineCatalog.All.Select(engine => engine.Name),
            engines.EnumerateArray().Select(engine => engine.GetProperty("name").GetString()));
        JsonElement vllm = engines.EnumerateArray().Single(engine => engine.GetProperty("name").GetString() == "vllm");
        Assert.Equal("measured", vllm.GetProperty("memory").GetString());
        Assert.Equal(JsonValueKind.Null, vllm.GetProperty("memoryUnknown").ValueKind);
        Assert.True(vllm.GetProperty("speedRows").GetInt32() > 0);
        Assert.Contains("fp8", vllm.GetProperty("weights").EnumerateArray().Select(format => format.GetString()));
    }

    [Theory]
    [InlineData("llama-cpp", "llama.cpp", "q4_k_m")]
    [InlineData("reference", "bound", "bf16")]
    public void BothVerbsTakeEitherSpelling(string old, string name, string weights)
    {
        string[] memory = ["memory", "opt-350m", "--weights", weights, "--gpu", "rtx-4090", "--json", "--engine"];
        string[] speed =
            ["speed", "opt-350m", "--weights", weights, "--gpu", "rtx-4090", "--prompt", "9", "--output", "9", "--json",
                "--engine"];
        Assert.Equal(Command.Run([.. memory, name]).Output, Command.Run([.. memory, old]).Output);
        Assert.Equal(Command.Run([.. speed, name]).Output, Command.Run([.. speed, old]).Output);
        Assert.Equal(name, Command.Run([.. memory, old]).Json[0].GetProperty("engine").GetString());
        Assert.Equal(name, Command.Run([.. speed, old]).Json.GetProperty("engine").GetString());
    }
}
