namespace LlmMath.Cli.Tests;

public class BenchTests
{
    [Theory]
    [InlineData("--threads: 1 to 1,024 is possible; it is 1,025", "--threads", "1025")]
    [InlineData("--threads: 1 to 1,024 is possible; it is 0", "--threads", "2", "--threads", "0")]
    [InlineData("--columns: 1 to 1,048,576 is possible; it is 1,048,577", "--columns", "1048577")]
    [InlineData("--columns: 100 is no multiple", "--kernel", "q4_0", "--columns", "100")]
    [InlineData("--rounds: 1 to 10,000 is possible; it is 10,001", "--rounds", "10001")]
    [InlineData("--rounds: 1 to 10,000 is possible; it is -1", "--rounds", "-1")]
    [InlineData("--against: ggml= needs a folder", "--against", "ggml=")]
    [InlineData("--against ggml=", "--against", "ggml=nowhere")]
    [InlineData("--against ggml=a\\u0000b: ", "--against", "ggml=a\0b")]
    [InlineData("--against: \"blis\" is neither openblas nor ggml=DIR", "--against", "blis")]
    [InlineData("--kernel: \"q9\" is none of", "--kernel", "q9")]
    [InlineData("--level: \"l4\" is none of", "--level", "l4")]
    public void MistakesGetOneClearLineAndStatus2(string problem, params string[] args)
    {
        Command run = Command.Run(["bench", .. args]);
        Assert.Equal(2, run.Exit);
        Assert.Contains(problem, run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
        Assert.Empty(run.Output);
    }

    [Fact]
    public void AFolderOfOtherLibrariesIsRefusedByTheFunctionThatTheyLack()
    {
        string native = Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "libSystem.Native.so");
        if (!File.Exists(native))
        {
            return;
        }

        using var folder = new Folder();
        byte[] library = File.ReadAllBytes(native);
        folder.Write("libggml-cpu.so", library);
        string place = Path.GetDirectoryName(folder.Write("libggml-base.so", library))!;
        Command run = Command.Run("bench", "--against", "ggml=" + place);
        Assert.Equal(2, run.Exit);
        Assert.Contains("have no ggml_log_set", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public void ProgressIsShownToATerminalAlone()
    {
        Command? run = null;
        // The one that measures is pinned to a core, and stays so: a thread of its own.
        var thread = new Thread(() => run = Command.Run(
            "bench", "--kernel", "fp32", "--level", "l2", "--columns", "64", "--threads", "1", "--rounds", "1", "--json"));
        thread.Start();
        thread.Join();

        Assert.Equal(0, run!.Exit);
        Assert.Equal("fp32", run.Json[0].GetProperty("kernel").GetString());
        Assert.Empty(run.Error);
    }
}
