using LlmMath.Cli.Doctor;

namespace LlmMath.Cli.Output;

/// <summary>Writes a picture beside an answer: as SVG, or as PNG by a program that is installed. A library that draws PNG brings
/// native code for every system, several times the size of this tool.</summary>
internal static class PlotFile
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    // What draws SVG with the fonts of the system, and how each is asked.
    private static readonly (string Name, Func<string, string, string[]> Arguments)[] s_programs =
    [
        ("rsvg-convert", (svg, png) => ["--zoom", "2", "--output", png, svg]),
        ("inkscape", (svg, png) => ["--export-type=png", "--export-dpi=192", "--export-filename=" + png, svg]),
        ("magick", (svg, png) => ["-density", "192", svg, png]),
        ("convert", (svg, png) => ["-density", "192", svg, png]),
    ];

    /// <summary>Writes it, where one is asked for.</summary>
    /// <param name="path">The file; null for none. It ends in .svg or .png.</param>
    /// <param name="svg">Draws it.</param>
    /// <exception cref="CliException">The name ends otherwise, nothing here draws PNG, or the file cannot be written.</exception>
    public static void Write(string? path, Func<string> svg)
    {
        if (path is null)
        {
            return;
        }

        bool isPng = path.EndsWith(".png", StringComparison.OrdinalIgnoreCase);
        if (!isPng && !path.EndsWith(".svg", StringComparison.OrdinalIgnoreCase))
        {
            throw new CliException($"--plot: a file that ends in .svg or .png is right; it is \"{path}\".");
        }

        try
        {
            if (isPng)
            {
                Draw(path, svg());
            }
            else
            {
                File.WriteAllText(path, svg());
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"--plot: {problem.Message}", problem);
        }
    }

    private static void Draw(string path, string svg)
    {
        (string name, Func<string, string, string[]> arguments) = s_programs.FirstOrDefault(one => IsThere(one.Name));
        if (name is null)
        {
            throw new CliException("--plot: rsvg-convert, inkscape or magick draws a .png, and none is installed; give a .svg.");
        }

        DirectoryInfo folder = Directory.CreateTempSubdirectory("llmmath-");
        try
        {
            string source = Path.Combine(folder.FullName, "a.svg"), drawn = Path.Combine(folder.FullName, "a.png");
            File.WriteAllText(source, svg);
            ProgramAnswer answer = Programs.Run(name, arguments(source, drawn), s_limit);
            if (!File.Exists(drawn) || new FileInfo(drawn).Length == 0)
            {
                throw new CliException(
                    $"--plot: {answer.Problem ?? $"{name} drew nothing"}; give a .svg, which needs no program.");
            }

            File.Move(drawn, path, overwrite: true);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // Windows has a program of its own that is called convert.
    private static bool IsThere(string name) =>
        Programs.Find(name) is not null && !(name == "convert" && OperatingSystem.IsWindows());
}
