using LlmMath.Cli;

namespace LlmMath.Benchmarks.Figures;

/// <summary><c>-- figures --out FILE</c> writes what the tool answers over the whole catalog; <c>-- figures --diff OLD NEW</c>
/// lists which of those answers changed.</summary>
internal static class FiguresVerb
{
    public static int Run(string[] args)
    {
        switch (args)
        {
            case ["--out", string path]:
                Console.WriteLine($"{FigureFile.Write(path):N0} answers in {path}");
                return 0;
            case ["--diff", string before, string after]:
                return FigureDiff.Of(before, after).Print(Console.Out) ? 0 : 3;
            default:
                throw new CliException("figures: --out FILE, or --diff OLD NEW.");
        }
    }
}
