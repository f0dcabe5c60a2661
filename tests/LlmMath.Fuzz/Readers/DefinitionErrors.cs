namespace LlmMath.Fuzz.Readers;

/// <summary>The only error that a reader may give.</summary>
internal static class DefinitionErrors
{
    /// <summary>The name that readers are given.</summary>
    public const string File = "file";

    /// <summary>Reads an input; false where it was refused, by an error that names the file.</summary>
    /// <param name="read">Reads it, under the name <see cref="File"/>.</param>
    /// <param name="isOfOther">Whether an error may be of another file, by its name: a shard.</param>
    public static bool Reads(Action read, Func<string, bool>? isOfOther = null)
    {
        try
        {
            read();
            return true;
        }
        catch (DefinitionException error)
        {
            bool isNamed = error.File is { } file && (file == File || isOfOther?.Invoke(file) == true)
                && error.Message.StartsWith(file + ": ", StringComparison.Ordinal);
            PropertyException.Require(isNamed, "an error names its file", error.Message);
            PropertyException.Require(error.Message.Length <= 10_000, "an error is short", error.Message.Length);
            return false;
        }
    }
}
