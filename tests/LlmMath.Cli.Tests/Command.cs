using System.Text.Json;

namespace LlmMath.Cli.Tests;

/// <summary>Runs <c>llmmath</c> in this process.</summary>
/// <param name="Exit">The exit status.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record Command(int Exit, string Output, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    public static Command Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int exit = LlmMathCommand.Run(args, output, error);
        return new Command(exit, output.ToString(), error.ToString());
    }
}

/// <summary>A folder for a test's files, deleted behind it.</summary>
internal sealed class Folder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("llmmath-").FullName;

    public string Write(string name, string text)
    {
        string path = Path.Combine(_path, name);
        File.WriteAllText(path, text);
        return path;
    }

    public string Write(string name, byte[] bytes)
    {
        string path = Path.Combine(_path, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
