using LlmMath.Testing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LlmMath.Tests.House;

/// <summary>A file has at most 300 lines, a line at most 130 characters; in tests a string may be longer that is what they are
/// about. A namespace is that of its whole file.</summary>
public class SizeTests
{
    private const int MostLines = 300, MostCharacters = 130;

    [Fact]
    public void FilesAndLinesAreShort()
    {
        string[] files = [.. Files()];
        Assert.True(files.Length > 600, "The sources were not found.");
        string[] wrong = [.. files.SelectMany(TooLong)];
        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void ANamespaceIsThatOfItsFile() => Assert.DoesNotContain(Files(), file =>
        !file.EndsWith("Polyfills.cs", StringComparison.Ordinal) && File.ReadLines(file).Any(line =>
            line.StartsWith("namespace ", StringComparison.Ordinal) && !line.EndsWith(';')));

    private static IEnumerable<string> TooLong(string file)
    {
        string name = Path.GetRelativePath(Repository.Root, file).Replace('\\', '/');
        string[] lines = File.ReadAllLines(file);
        if (lines.Length > MostLines)
        {
            yield return $"{name} has {lines.Length} lines; at most {MostLines} are right.";
        }

        foreach (int i in Enumerable.Range(0, lines.Length).Where(i => lines[i].Length > MostCharacters))
        {
            if (!name.StartsWith("tests/", StringComparison.Ordinal) || !IsString(lines, i))
            {
                yield return $"{name}({i + 1}) has {lines[i].Length} characters; at most {MostCharacters} are right.";
            }
        }
    }

    /// <summary>Whether it is a string that passes the last character allowed.</summary>
    private static bool IsString(string[] lines, int line)
    {
        string before = string.Concat(lines.Take(line).Select(text => text + "\n"));
        SyntaxNode root = CSharpSyntaxTree.ParseText(before + string.Join('\n', lines.Skip(line))).GetRoot();
        return root.FindToken(before.Length + MostCharacters).Parent!.AncestorsAndSelf()
            .Any(node => node is InterpolatedStringExpressionSyntax || node.IsKind(SyntaxKind.StringLiteralExpression));
    }

    private static readonly string[] s_folders = ["src", "generators", "tests", "samples"];

    private static IEnumerable<string> Files() => s_folders.Select(folder => Path.Combine(Repository.Root, folder))
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
        .Where(file => !file.Contains(".verified.", StringComparison.Ordinal)
            && !file.Contains(".received.", StringComparison.Ordinal)
            && !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"));
}
