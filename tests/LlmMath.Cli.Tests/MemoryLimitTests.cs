using System.Diagnostics;

namespace LlmMath.Cli.Tests;

/// <summary>In a process of its own, since a limit of memory is the process's.</summary>
public class MemoryLimitTests
{
    [Theory]
    [InlineData("llmmath: --normal: out of memory: 1,073,737,728 elements of normal are needed at once: leave out nvfp4",
        "--normal", "1073741823", "--format", "nvfp4")]
    [InlineData("leave out nvfp4", "--normal", "14000000", "--format", "nvfp4")]
    public async Task TooLittleMemoryIsOneLineAndStatus2(string problem, params string[] args)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            ["exec", Path.Combine(AppContext.BaseDirectory, "LlmMath.Cli.dll"), "quantize", .. args])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        // 100 MB, in hexadecimal; without the threads' own heaps, which would not fit in.
        start.Environment["DOTNET_GCHeapHardLimit"] = "0x6000000";
        start.Environment["DOTNET_gcServer"] = "0";
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Contains(problem, await error, StringComparison.Ordinal);
        Assert.Single((await error).TrimEnd().Split('\n'));
        Assert.Equal((2, ""), (process.ExitCode, await output));
    }
}
