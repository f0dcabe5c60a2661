namespace LlmMath.Cli.Commands;

/// <summary>Whether standard input was given at all.</summary>
internal static class StandardInput
{
    private const string Descriptors = "/proc/self/fd";

    /// <summary>Whether it was closed before the start (<c>&lt;&amp;-</c>): on Linux the runtime's own pipe then takes its
    /// number, and whoever reads it waits for ever. Detected because this process also holds that pipe's write end; on other
    /// systems undetected.</summary>
    public static bool IsClosed()
    {
        if (!OperatingSystem.IsLinux() || Target("0") is not { } input)
        {
            return false;
        }

        return input.StartsWith("pipe:", StringComparison.Ordinal) && Directory.EnumerateFileSystemEntries(Descriptors)
            .Select(path => Path.GetFileName(path)!)
            .Any(number => Target(number) == input && IsWritten(number));
    }

    // "flags:" and the flags of open(2) in octal, whose lowest two bits are 1 where the descriptor is for writing alone.
    private static bool IsWritten(string number)
    {
        try
        {
            return File.ReadLines($"/proc/self/fdinfo/{number}")
                .Any(line => line.StartsWith("flags:", StringComparison.Ordinal) && ((line[^1] - '0') & 3) == 1);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string? Target(string number)
    {
        try
        {
            return new FileInfo(Path.Combine(Descriptors, number)).LinkTarget;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
