using System.Runtime.CompilerServices;

namespace LlmMath.Calibration;

/// <summary>Where the sources are.</summary>
internal static class RepositoryRoot
{
    public static string Find([CallerFilePath] string here = "")
    {
        string? folder = Path.GetDirectoryName(here);
        while (folder is not null && !File.Exists(Path.Combine(folder, "LlmMath.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("LlmMath.sln is not above this program.");
    }
}
