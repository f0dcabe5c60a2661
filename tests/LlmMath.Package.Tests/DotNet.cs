using System.Diagnostics;

namespace LlmMath.Package.Tests;

/// <summary>Runs the SDK as a person does.</summary>
/// <param name="Exit">The exit status.</param>
/// <param name="Output">Standard output and error together.</param>
internal sealed record DotNet(int Exit, string Output)
{
    public static DotNet Run(string folder, params string[] args) => Start("dotnet", folder, args);

    public static DotNet Start(string program, string folder, params string[] args)
    {
        var start = new ProcessStartInfo(program, args)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // What the test host's own build left behind must not steer the builds under test.
        foreach (string name in start.Environment.Keys
            .Where(key => key.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        // A process that builds once gains nothing from counting how it runs.
        start.Environment["DOTNET_TieredPGO"] = "0";
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        return new DotNet(process.ExitCode, output.Result + error.Result);
    }

    public DotNet Succeeds()
    {
        Assert.True(Exit == 0, Output);
        return this;
    }
}
