namespace LlmMath.Cli;

/// <summary>Where memory ends: this machine's, or a limit set for the process.</summary>
internal static class MemoryLimit
{
    /// <summary>Whether an exception says so, be it of several threads.</summary>
    public static bool IsReachedIn(Exception problem) => problem is OutOfMemoryException
        || problem is AggregateException several && several.InnerExceptions.Any(IsReachedIn);
}
