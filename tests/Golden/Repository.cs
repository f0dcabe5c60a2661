using System.Runtime.CompilerServices;

namespace LlmMath.Testing;

/// <summary>Where the sources are.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find([CallerFilePath] string here = "")
    {
        string? folder = Path.GetDirectoryName(here);
        while (folder is not null && !File.Exists(Path.Combine(folder, "LlmMath.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("LlmMath.sln is not above the tests.");
    }
}
