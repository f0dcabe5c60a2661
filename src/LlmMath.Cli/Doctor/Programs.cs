using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace LlmMath.Cli.Doctor;

/// <summary>What another program printed; <see cref="Problem"/> where it is there, but gave nothing.</summary>
/// <param name="Output">What it printed, at most a mebibyte; null where it is not there, or gave nothing.</param>
/// <param name="Problem">Why it gave nothing; null where it is not there.</param>
internal sealed record ProgramAnswer(string? Output, string? Problem);

/// <summary>Runs programs of the system, each for a few seconds at most.</summary>
internal static class Programs
{
    private const int MostCharacters = 1 << 20;

    private static readonly string[] s_endings = OperatingSystem.IsWindows() ? [".exe", ".cmd", ".bat"] : [""];

    /// <summary>The path of a program; null where no folder of PATH has it.</summary>
    public static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .SelectMany(folder => s_endings.Select(ending => Path.Combine(folder, name + ending)))
        .FirstOrDefault(File.Exists);

    /// <summary>Runs a program, and ends it and what it started once its time is over.</summary>
    public static ProgramAnswer Run(string name, string[] arguments, TimeSpan limit)
    {
        if (Find(name) is not { } path)
        {
            return new(null, null);
        }

        try
        {
            using var process = new Process
            {
                StartInfo = new(path, arguments)
                {
                    RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
                    UseShellExecute = false, CreateNoWindow = true,
                },
            };
            process.Start();
            process.StandardInput.Close();
            long start = Stopwatch.GetTimestamp();
            Task<string> output = Read(process.StandardOutput), error = Read(process.StandardError);
            bool ended = Task.WhenAll(output, error).Wait(limit)
                && process.WaitForExit((int)Math.Max(0, (limit - Stopwatch.GetElapsedTime(start)).TotalMilliseconds));
            if (!ended)
            {
                process.Kill(entireProcessTree: true);
                return new(null, $"{name} did not answer within {limit.TotalSeconds:0} seconds");
            }

            string text = output.Result.Trim().Length > 0 ? output.Result : error.Result;
            return process.ExitCode == 0 && text.Trim().Length > 0 ? new(text, null)
                : new(null, $"{name} failed with status {process.ExitCode}");
        }
        catch (Exception problem) when (problem is Win32Exception or InvalidOperationException or IOException
            or UnauthorizedAccessException or AggregateException)
        {
            return new(null, $"{name} cannot be run: {problem.Message}");
        }
    }

    private static async Task<string> Read(StreamReader reader)
    {
        var text = new StringBuilder();
        char[] part = new char[4096];
        for (int read; (read = await reader.ReadAsync(part).ConfigureAwait(false)) > 0;)
        {
            text.Append(part, 0, text.Length < MostCharacters ? read : 0);
        }

        return text.ToString();
    }
}
