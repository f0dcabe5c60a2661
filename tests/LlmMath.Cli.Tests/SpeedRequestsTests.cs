using System.Text.Json;

namespace LlmMath.Cli.Tests;

/// <summary>Many questions at once: a line each, answered by a line each.</summary>
public class SpeedRequestsTests
{
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

    [Fact]
    public void StandardInputIsReadAsItComes()
    {
        const string Line = """{"id": 1, "model": "llama-3.1-8b", "gpu": "h100-sxm-80gb", "weights": "fp8", "prompt": 512, "output": 128, "explain": true}""";
        string tooLong = "{\"id\": \"" + new string('x', 1 << 20) + "\"}";
        using var input = new StringReader($"{Line}\r\n{tooLong}\nnot json\n{Line}");
        using var output = new StringWriter();
        int exit = LlmMathCommand.Run(["speed", "--requests", "-"], output, TextWriter.Null, input);
        JsonElement[] answers = [.. output.ToString().TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal((2, 4), (exit, answers.Length));
        Assert.NotEqual(0, answers[0].GetProperty("explain").GetArrayLength());
        Assert.Contains("line 2: longer", answers[1].GetProperty("error").GetString());
        Assert.Equal(JsonValueKind.Null, answers[2].GetProperty("id").ValueKind);
        Assert.Equal(answers[0].GetProperty("totalMs").ToString(), answers[3].GetProperty("totalMs").ToString());
    }

    [Fact]
    public void WhereNobodyReadsTheAnswersItStops()
    {
        const string Line = """{"model": "llama-3.1-8b", "gpu": "h100-sxm-80gb", "weights": "fp8", "prompt": 512, "output": 128}""";
        using var input = new EndlessLines(Line);
        using var output = new Closed();
        Assert.Equal(0, LlmMathCommand.Run(["speed", "--requests", "-"], output, TextWriter.Null, input));
        Assert.InRange(input.Lines, 1, 2000);
    }

    [Theory]
    [InlineData("""{"id":"\ud800","model":"gpt2"}""", "not valid Unicode")]
    [InlineData("""{"id":1,"model":"\ud800"}""", "not valid Unicode")]
    [InlineData("""{"id":1,"gpu":"\udc00"}""", "not valid Unicode")]
    [InlineData("""{"\ud800":1}""", "not valid Unicode")]
    [InlineData("""{"model":"gpt2","model":"gpt2"}""", "\"model\" is there twice")]
    public void ALineThatCannotBeReadIsAnErrorAndTheNextIsAnswered(string line, string problem)
    {
        using var input = new StringReader($"\uFEFF{line}\n{line}\n");
        using var output = new StringWriter();
        Assert.Equal(2, LlmMathCommand.Run(["speed", "--requests", "-"], output, TextWriter.Null, input));
        string[] answers = output.ToString().TrimEnd().Split('\n');
        Assert.Equal(2, answers.Length);
        Assert.Contains(problem, JsonDocument.Parse(answers[0]).RootElement.GetProperty("error").GetString());
        Assert.Contains("line 2: ", JsonDocument.Parse(answers[1]).RootElement.GetProperty("error").GetString());
    }

    [Fact]
    public void AnIdMayBeNestedButNotForEver()
    {
        (string open, string close) = (new('[', 64), new(']', 64));
        using var input = new StringReader($$"""{"id":{{open[..9]}}1{{close[..9]}}}""" + "\n"
            + $$"""{"id":{{open}}1{{close}}}""");
        using var output = new StringWriter();
        LlmMathCommand.Run(["speed", "--requests", "-"], output, TextWriter.Null, input);
        string[] answers = output.ToString().Split('\n');
        Assert.StartsWith("{\"id\":[[[[[[[[[1]", answers[0], StringComparison.Ordinal);
        Assert.Contains("line 2: nested deeper than 64 levels", answers[1]);
    }

    [Theory]
    [InlineData("--requests: \"\" is not a file", "")]
    [InlineData("--requests: . is a folder", ".")]
    [InlineData("--requests: \"nowhere\" is not a file", "nowhere")]
    [InlineData("MODEL beside --requests: give it in each line", "-", "gpt2")]
    [InlineData("--batch beside --requests: give it in each line", "-", "--batch", "2")]
    [InlineData("--explain beside --requests: give it in each line", "-", "--explain")]
    public void RequestsStandAlone(string problem, params string[] args)
    {
        Command run = Command.Run(["speed", "--requests", .. args]);
        Assert.Equal(2, run.Exit);
        Assert.Contains(problem, run.Error);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
        Assert.Empty(run.Output);
    }

    [Fact]
    public void AnAnswerThatIsNoOutlivesTheNextLine()
    {
        const string Big = """{"model": "llama-3.1-405b", "gpu": "h100-sxm-80gb", "weights": "bf16", "prompt": 512, "output": 128}""";
        const string Small = """{"model": "llama-3.1-8b", "gpu": "h100-sxm-80gb", "weights": "bf16", "prompt": 512, "output": 128}""";
        using var input = new StringReader($"{Big}\n{Small}\n");
        Assert.Equal(3, LlmMathCommand.Run(["speed", "--requests", "-"], TextWriter.Null, TextWriter.Null, input));
    }

    /// <summary>The same line for ever.</summary>
    private sealed class EndlessLines(string line) : TextReader
    {
        public int Lines { get; private set; }

        public override int Read(char[] buffer, int index, int count)
        {
            Lines += count / (line.Length + 1);
            for (int i = 0; i < count; i++)
            {
                buffer[index + i] = i % (line.Length + 1) == line.Length ? '\n' : line[i % (line.Length + 1)];
            }

            return count / (line.Length + 1) * (line.Length + 1);
        }
    }

    /// <summary>A pipe whose other end is closed.</summary>
    private sealed class Closed : StringWriter
    {
        public override void WriteLine(string? value) => throw new IOException("Broken pipe", 32);
    }

    [Fact]
    public void ALineOfTheSmallestModelDoesNotEndTheOthers()
    {
        using var folder = new Folder();
        string tiny = JsonSerializer.Serialize(folder.Write("tiny.json", SpeedTests.Tiny));
        string file = folder.Write("requests.jsonl", $$"""
            {"id": 1, "model": {{tiny}}, "gpu": "h200-sxm-141gb", "engine": "reference", "weights": "bf16", "prompt": 1, "output": 1}
            {"id": 2, "model": "llama-3.1-8b", "gpu": "h100-sxm-80gb", "weights": "fp8", "prompt": 512, "output": 128}
            """);
        Command run = Command.Run("speed", "--requests", file);
        string[] lines = run.Output.TrimEnd().Split('\n');

        Assert.Equal((0, 2), (run.Exit, lines.Length));
        Assert.All(lines, line => Assert.True(JsonDocument.Parse(line).RootElement.TryGetProperty("totalMs", out _)));
    }
}
