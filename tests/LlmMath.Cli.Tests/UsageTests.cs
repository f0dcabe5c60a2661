using LlmMath.Cli.Output;
using LlmMath.Testing;

namespace LlmMath.Cli.Tests;

/// <summary>What a person meets who types something wrong, or asks for help.</summary>
public class UsageTests
{
    [Theory]
    [InlineData("a verb is needed: models, gpus, engines, formats, params, inspect, memory")]
    [InlineData("\"modls\" is not a verb: models", "modls")]
    [InlineData("strategy, plan, compare, cost, tradeoff, quality, check, calibrate, doctor, bench. Nearest", "modls")]
    [InlineData("MODEL is needed. See: llmmath params --help", "params")]
    [InlineData("--gpu needs a value. See: llmmath memory --help", "memory", "gpt2", "--gpu")]
    [InlineData("--convention: \"paper\" is neither checkpoint nor hand-estimate", "params", "gpt2", "--convention", "paper")]
    [InlineData("\"--jsn\" is not an option here. Nearest: --json. See", "params", "gpt2", "--jsn")]
    [InlineData("\"--familly\" is not an option here. Nearest: --family. See", "models", "--familly", "opt")]
    [InlineData("\"--agianst\" is not an option here. Nearest: --against. See", "inspect", "--agianst", "x")]
    [InlineData("\"--bacth\" is not an option here. Nearest: --batch", "speed", "gpt2", "--bacth", "3")]
    [InlineData("\"--bacth\" is not an option here. Nearest: --batch", "memory", "gpt2", "--bacth", "3")]
    [InlineData("\"opt-35m\" is neither a model of the catalog nor a file. Nearest: opt-350m", "params", "opt-35m")]
    [InlineData("no model of the catalog is of \"lama\". Nearest: llama, ", "models", "--family", "lama")]
    [InlineData("no accelerator of the catalog is by \"nvidea\". Nearest: NVIDIA. Vendors: ", "gpus", "--vendor", "nvidea")]
    [InlineData("\"nowhere.gguf\" is not a file", "inspect", "nowhere.gguf")]
    [InlineData("\"@nowhere\" is neither a model of the catalog nor a file", "params", "@nowhere")]
    [InlineData("\"@.\" is neither a model of the catalog nor a file", "params", "@.")]
    [InlineData("\"@x\" is not a verb", "@x")]
    [InlineData("\"--explain\" is neither a model of the catalog nor a file", "params", "--", "--explain")]
    [InlineData("\"--json\" is neither a model of the catalog nor a file", "memory", "--weights", "bf16", "--", "--json")]
    [InlineData("\"--json\" is not a file", "inspect", "--", "--json")]
    [InlineData("\"--json\" is not a file", "quantize", "--tensor", "a", "b", "--", "--json")]
    [InlineData("\"--json\" is one argument too many", "models", "--json", "--", "--json")]
    [InlineData("\"--jsn\" is not an option here. Nearest: --json", "params", "--jsn", "--", "--explain")]
    [InlineData("\"modls\" is not a verb", "--", "modls")]
    [InlineData("\"--help\" is not a verb", "--", "--help")]
    [InlineData("a verb is needed: models", "--")]
    [InlineData("\"--explain\" is neither a model of the catalog nor a file", "--", "params", "--explain")]
    [InlineData("--prompt and --output: at most 2,147,483,647 tokens together are right; they are 4,000,000,000",
        "speed", "mamba-130m", "--gpu", "h100-sxm-80gb", "--weights", "bf16", "--prompt", "2000000000", "--output", "2000000000")]
    public void MistakesGetOneClearLineAndStatus2(string problem, params string[] args)
    {
        Command run = Command.Run(args);

        Assert.Equal(2, run.Exit);
        Assert.Contains(problem, run.Error);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
        Assert.Empty(run.Output);
    }

    [Fact]
    public void AnArgumentThatBeginsWithAnAtIsNoFileOfArguments()
    {
        using var folder = new Folder();
        string path = folder.Write("args", "params\nopt-350m\n");
        Command run = Command.Run("params", "@" + path);
        Assert.Equal((2, ""), (run.Exit, run.Output));
        Assert.Contains($"\"@{path}\" is neither", run.Error);
    }

    [Fact]
    public void AVerbMayStandBehindTheEndOfOptions()
    {
        Assert.Equal(Command.Run("params", "opt-350m"), Command.Run("--", "params", "opt-350m"));
        Assert.Equal(0, Command.Run("params", "--json", "--", "opt-350m").Exit);
    }

    [Fact]
    public void AFileWhoseNameBeginsWithADashIsReadBehindTheEndOfOptions()
    {
        string name = $"--{Guid.NewGuid():N}.json";
        File.WriteAllText(name, """{"model_type":"gpt2"}""");
        try
        {
            Command run = Command.Run("params", "--", name);
            Assert.Equal(0, run.Exit);
            Assert.StartsWith(name + " (gpt2): 124,439,808 parameters", run.Output);
            Assert.Contains("is not an option here", Command.Run("params", name).Error);
        }
        finally
        {
            File.Delete(name);
        }
    }

    [Fact]
    public void WhatAnArgumentHoldsNeitherBreaksTheLineNorSteersTheTerminal()
    {
        Command run = Command.Run("params", "gpt\n2\u001b[31m\u2028\u202e");
        Assert.Contains("\"gpt\\n2\\u001b[31m\\u2028\\u202e\" is neither", run.Error);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
        Assert.Equal("é 😀 \\ud800", Visible.Of("é 😀 \ud800"));
    }

    [Fact]
    public void JsonShowsWhatATerminalWouldActOnWithoutShowingIt()
    {
        Command run = Command.Run("params", "gpt2", "gpt\u2066\u202e2\u200b é😀", "--json");
        Assert.DoesNotContain(run.Output, c => char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.Format);
        Assert.Contains(" é", run.Output);
        Assert.Equal("gpt\u2066\u202e2\u200b é😀", run.Json[1].GetProperty("model").GetString());
    }

    [Fact]
    public void AFullDiskIsOneLineAndStatus2()
    {
        using StringWriter error = new(), full = new Full();
        Assert.Equal(2, LlmMathCommand.Run(["models"], full, error));
        Assert.Equal(2, LlmMathCommand.Run(["params", "gpt2", "--json"], full, error));
        using var input = new StringReader("{}");
        Assert.Equal(2, LlmMathCommand.Run(["speed", "--requests", "-"], full, error, input));
        string[] lines = error.ToString().TrimEnd().Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.All(lines, line => Assert.Equal("llmmath: the answer cannot be written: No space left on device", line.TrimEnd()));
    }

    [Fact]
    public void WhereErrorsCannotBeWrittenTheStatusStillTells()
    {
        using StringWriter output = new(), full = new Full();
        Assert.Equal(2, LlmMathCommand.Run(["params", "nope"], output, full));
        Assert.Equal(2, LlmMathCommand.Run(["models", "--family", "nope"], output, full));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(40)]
    [InlineData(80)]
    public void ANarrowTerminalNeitherBreaksNumbersNorDropsColumns(int width)
    {
        Table table = Tables.Of(["term", "formula"], ["parameters", "running total"]);
        table.Row("embedding", "50,272 × 4,096 and many a word that may stand on another line", "1,315,758,080", "min … max");
        using var output = new StringWriter();
        output.WriteTable(table, width);
        string text = output.ToString();
        Assert.All(["term", "formula", "parameters", "running total", "embedding", "1,315,758,080", "min … max"],
            cell => Assert.Contains(cell, text));
        Assert.Contains("50,272 × 4,096", text);
    }

    /// <summary>A file on a disk that is full.</summary>
    private sealed class Full : StringWriter
    {
        public override void Write(string? value) => throw new IOException("No space left on device");

        public override void WriteLine(string? value) => Write(value);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("params", "--help")]
    [InlineData("inspect", "--help")]
    public void HelpIsAsApproved(params string[] args)
    {
        Command run = Command.Run(args);
        Assert.Equal(0, run.Exit);
        Golden.Verify(run.Output, "Help." + args[0].TrimStart('-'));
    }
}
