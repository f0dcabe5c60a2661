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
        Assert.Equal("facebook/opt-350m", opt.EnumerateArray().Single(m => m.GetProperty("name").GetString() == "opt-350m").GetProperty("id").GetString());
    }

    [Fact]
    public void GpusAreListed()
    {
        JsonElement all = Command.Run("gpus", "--json").Json;
        JsonElement a100 = all.EnumerateArray().Single(g => g.GetProperty("name").GetString() == "a100-sxm-80gb");

        Assert.Equal(85_899_345_920, a100.GetProperty("memoryBytes").GetInt64());
        Assert.Equal(312e12, a100.GetProperty("flops").GetProperty("bf16").GetDouble());
        Assert.Equal(JsonValueKind.Null, a100.GetProperty("flops").GetProperty("fp8").ValueKind);
        Assert.All(Command.Run("gpus", "--vendor", "amd", "--json").Json.EnumerateArray(), g => Assert.Equal("AMD", g.GetProperty("vendor").GetString()));
    }

    [Fact]
    public void TablesHaveNoControlCodesWhenTheyGoToAFile() => Assert.DoesNotContain('\u001b', Command.Run("models").Output + Command.Run("gpus").Output);
}
