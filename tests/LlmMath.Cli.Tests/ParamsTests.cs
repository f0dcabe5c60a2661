using System.Text;
using System.Text.Json;
using LlmMath.Testing;

namespace LlmMath.Cli.Tests;

public class ParamsTests
{
    private const string Llama = """
        {"model_type":"llama","vocab_size":32000,"hidden_size":4096,"intermediate_size":11008,"num_hidden_layers":32,
         "num_attention_heads":32,
         "tie_word_embeddings":false}
        """;

    [Fact]
    public void JsonIsAsTheContractSays()
    {
        Command run = Command.Run("params", "opt-350m", "deepseek-v3", "--json");

        Assert.Equal(0, run.Exit);
        Assert.Equal(2, run.Json.GetArrayLength());
        JsonElement opt = run.Json[0], deepseek = run.Json[1];
        Assert.Equal("opt-350m", opt.GetProperty("model").GetString());
        Assert.Equal("opt", opt.GetProperty("family").GetString());
        Assert.Equal("checkpoint", opt.GetProperty("convention").GetString());
        Assert.Equal(331_196_416, opt.GetProperty("parameters").GetInt64());
        Assert.Equal(331_196_416, opt.GetProperty("activeParameters").GetInt64());
        Assert.Equal(331_196_416,
            opt.GetProperty("components").EnumerateArray().Sum(c => c.GetProperty("parameters").GetInt64()));
        Assert.Equal("embedding", opt.GetProperty("components")[0].GetProperty("name").GetString());
        Assert.Equal(37_552_297_472, deepseek.GetProperty("activeParameters").GetInt64());
    }

    [Fact]
    public void WhatIsNotUnderstoodIsNamedAndRefusedStrictly()
    {
        using var folder = new Folder();
        string path = folder.Write("config.json", Llama.Replace("\"vocab_size\"",
            "\"foo_intermediate_size\":7,\"attention_dropout\":0.1,\"vocab_size\"", StringComparison.Ordinal));

        Command run = Command.Run("params", path, "opt-350m", "--json"), table = Command.Run("params", path);
        Assert.Equal(0, run.Exit);
        Assert.Equal("foo_intermediate_size",
            Assert.Single(run.Json[0].GetProperty("notUnderstood").EnumerateArray()).GetString());
        Assert.Equal(0, run.Json[1].GetProperty("notUnderstood").GetArrayLength());
        Assert.Contains("not understood, and may make it another model: foo_intermediate_size", table.Output,
            StringComparison.Ordinal);

        Command strict = Command.Run("params", path, "opt-350m", "--strict");
        Assert.Equal(2, strict.Exit);
        Assert.Contains("331,196,416", strict.Output, StringComparison.Ordinal);
        string line = Assert.Single(strict.Error.TrimEnd().Split('\n'));
        Assert.Contains(path, line, StringComparison.Ordinal);
        Assert.Contains("foo_intermediate_size", line, StringComparison.Ordinal);
    }

    [Fact]
    public void OnPaperTheHeadStandsApart()
    {
        JsonElement opt = Command.Run("params", "facebook/OPT-350M", "--convention", "hand-estimate", "--json").Json[0];
        Assert.Equal(356_714_496, opt.GetProperty("parameters").GetInt64());
        Assert.Equal("hand-estimate", opt.GetProperty("convention").GetString());
    }

    [Fact]
    public void TheWorkingIsAsApproved() => Golden.Verify(
        Command.Run("params", "opt-350m", "--explain", "--convention", "hand-estimate").Output
            + Command.Run("params", "deepseek-v3", "--explain").Output,
        nameof(TheWorkingIsAsApproved));

    [Fact]
    public void AConfigCountsByItsPath()
    {
        using var folder = new Folder();
        string path = folder.Write("config.json", Llama);
        JsonElement byFile = Command.Run("params", path, "--json").Json[0];
        JsonElement byFolder = Command.Run("params", Path.GetDirectoryName(path)!, "--json").Json[0];
        Assert.Equal(6_738_415_616, byFile.GetProperty("parameters").GetInt64());
        Assert.Equal(path, byFile.GetProperty("model").GetString());
        Assert.Equal(6_738_415_616, byFolder.GetProperty("parameters").GetInt64());
    }

    [Fact]
    public void WhatAConfigLeavesOutIsSaid()
    {
        using var folder = new Folder();
        string path = folder.Write("config.json", """{"model_type":"llama","hidden_size":2048}""");
        JsonElement[] assumed = [.. Command.Run("params", path, "--json").Json[0].GetProperty("assumed").EnumerateArray()];
        string line = Assert.Single(Command.Run("params", path).Output.Split('\n'),
            line => line.Contains("taken from the family's defaults", StringComparison.Ordinal));

        JsonElement vocabulary = assumed.Single(a => a.GetProperty("field").GetString() == "vocab_size");
        Assert.Equal(32_000, vocabulary.GetProperty("value").GetInt64());
        Assert.DoesNotContain(assumed, a => a.GetProperty("field").GetString() == "hidden_size");
        Assert.Contains("vocab_size 32000", line);
        // A switch for biases changes it by less than is worth a line.
        Assert.Contains(assumed, a => a.GetProperty("field").GetString() == "attention_bias");
        Assert.DoesNotContain("attention_bias", line);
        string whole = folder.Write(
            "whole.json", Llama.Replace("\"vocab", "\"num_key_value_heads\":32,\"vocab", StringComparison.Ordinal));
        Assert.DoesNotContain("taken from", Command.Run("params", whole).Output);
    }

    [Theory]
    [InlineData("{\"a\":1,}")]
    [InlineData("{\"a\":[1,]}")]
    [InlineData("{")]
    [InlineData("\0")]
    [InlineData("{\"a\":1}}")]
    public void BrokenJsonIsToldInNobodysApi(string text)
    {
        using var folder = new Folder();
        Command run = Command.Run("params", folder.Write("config.json", text));
        Assert.Equal(2, run.Exit);
        Assert.Contains("is not valid JSON", run.Error);
        Assert.DoesNotContain("isFinalBlock", run.Error);
        Assert.DoesNotContain("options", run.Error);
        Assert.DoesNotContain("this mode", run.Error);
    }

    [Fact]
    public void ConventionsAreNamedInAnyCase() => Assert.Equal(
        Command.Run("params", "gpt2", "--convention", "hand-estimate").Output,
        Command.Run("params", "gpt2", "--convention", "HAND-ESTIMATE").Output);

    [Fact]
    public async Task APipeIsReadOnceAndACheckpointInItIsRefused()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var folder = new Folder();
        Assert.Contains("6,738,415,616", (await Piped(folder, "ok", Encoding.UTF8.GetBytes(Llama))).Output);
        Assert.Contains("cannot be read from a pipe", (await Piped(folder, "gguf", [.. "GGUF"u8, 3, 0, 0, 0])).Error);
        Assert.Contains("cannot be read from a pipe", (await Piped(folder, "st", [2, 0, 0, 0, 0, 0, 0, 0, .. "{}"u8])).Error);
    }

    private static async Task<Command> Piped(Folder folder, string name, byte[] bytes)
    {
        string path = folder.Write(name, "");
        File.Delete(path);
        using var made = System.Diagnostics.Process.Start("mkfifo", path);
        await made.WaitForExitAsync();
        Task written = Task.Run(() => File.WriteAllBytes(path, bytes));
        var run = Command.Run("params", path);
        await written;
        return run;
    }

    [Fact]
    public void OneBadModelIsAnErrorInItsPlaceAndTheOthersCount()
    {
        Command run = Command.Run("params", "opt-350m", "no-such-model", "gpt2", "--json");

        Assert.Equal(2, run.Exit);
        Assert.Equal(["opt-350m", "no-such-model", "gpt2"],
            run.Json.EnumerateArray().Select(e => e.GetProperty("model").GetString()));
        Assert.Contains("neither a model of the catalog nor a file", run.Json[1].GetProperty("error").GetString());
        Assert.Equal(124_439_808, run.Json[2].GetProperty("parameters").GetInt64());
    }

    [Theory]
    [InlineData("""{"model_type":"llama","hidden_size":0}""", "hidden_size: must be a whole number from 1")]
    [InlineData("""{"model_type":"llama","hidden_size":NaN}""", "hidden_size: must be a whole number")]
    [InlineData("""{"model_type":"llama","hidden_size":-5}""", "hidden_size: must be a whole number")]
    [InlineData("""{"model_type":"llama","hidden_size":9223372036854775807}""", "hidden_size: must be a whole number")]
    [InlineData("""{"model_type":"unheard_of"}""", "model_type: \"unheard_of\" is not a known family. Known: ")]
    [InlineData("""{"model_type":"llama","model_type":"opt"}""", "model_type: is there twice")]
    [InlineData("""{}""", "model_type: is missing")]
    [InlineData("""[]""", "must be a JSON object")]
    [InlineData("", "is empty")]
    [InlineData("{", "is not valid JSON")]
    public void BadConfigsNameFileAndField(string json, string problem)
    {
        using var folder = new Folder();
        string path = folder.Write("config.json", json);
        Command run = Command.Run("params", path);

        Assert.Equal(2, run.Exit);
        Assert.StartsWith("llmmath: " + path + ": ", run.Error);
        Assert.Contains(problem, run.Error);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
        Assert.Empty(run.Output);
    }

    [Fact]
    public void DefaultsOfAModelWhoseLayersAllDifferAreNamedNotTried()
    {
        using var folder = new Folder();
        Command few = Command.Run("params", Write(1_000)), many = Command.Run("params", Write(2_000));

        Assert.Contains("taken from the family's defaults: ", few.Output);
        Assert.Contains("taken from the family's defaults, whether they matter or not: ", many.Output);
        Assert.Contains("hidden_size 2048", many.Output);

        // To try each of a dozen defaults is to describe the model as often.
        long described = Allocated(() => HuggingFaceConfig.Read(File.OpenRead(Write(2_000))));
        Assert.InRange((double)Allocated(() => Command.Run("params", Write(2_000))) / described, 1, 3);

        string Write(int layers) => folder.Write($"{layers}.json", $$"""
            {"model_type":"gemma3n_text","num_hidden_layers":{{layers}},
             "intermediate_size":[{{string.Join(",", Enumerable.Range(64, layers))}}]}
            """);

        static long Allocated(Action action)
        {
            action();
            long before = GC.GetAllocatedBytesForCurrentThread();
            action();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }
}
