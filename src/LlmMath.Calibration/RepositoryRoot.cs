namespace LlmMath.Calibration;

/// <summary>Where the sources are: above this program, which is built among them.</summary>
internal static class RepositoryRoot
{
    public static string Find()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "LlmMath.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("LlmMath.sln is not above this program.");
    }
}
