namespace LlmMath.Cli.Output;

/// <summary>Writes a picture beside an answer.</summary>
internal static class PlotFile
{
    /// <summary>Writes it, where one is asked for.</summary>
    /// <param name="path">The file; null for none. It ends in .svg.</param>
    /// <param name="svg">Draws it.</param>
    /// <exception cref="CliException">The name ends otherwise, or the file cannot be written.</exception>
    public static void Write(string? path, Func<string> svg)
    {
        if (path is null)
        {
            return;
        }

        if (!path.EndsWith(".svg", StringComparison.OrdinalIgnoreCase))
        {
            throw new CliException($"--plot: a file that ends in .svg is right; it is \"{path}\".");
        }

        try
        {
            File.WriteAllText(path, svg());
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"--plot: {problem.Message}", problem);
        }
    }
}
