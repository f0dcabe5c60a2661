using LlmMath.Testing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LlmMath.Tests.House;

/// <summary>A file without a public type has the namespace of its folder: two folders deep at most, and the parent's where that
/// would be named as a type is.</summary>
public class NamespaceTests
{
    private static readonly string s_library = Path.Combine(Repository.Root, "src", "LlmMath");

    [Fact]
    public void InternalTypesStandInTheNamespaceOfTheirFolder()
    {
        List<(string Folder, Declared Of)> files = [.. Sources()];
        HashSet<string> types = [.. files.SelectMany(file => file.Of.Types)];
        IEnumerable<string> wrong = files.Where(file => !file.Of.IsPublic && file.Of.Name != Expected(file.Folder, types))
            .Select(file => $"{file.Folder}: {file.Of.Name}, not {Expected(file.Folder, types)}").Distinct();
        Assert.Empty(wrong);
        Assert.True(files.Count > 300, "The sources were not found.");
    }

    private static string Expected(string folder, HashSet<string> types)
    {
        string[] parts = [.. folder.Split('/').Take(2).TakeWhile(part => !types.Contains(part))];
        return string.Join('.', parts.Prepend("LlmMath"));
    }

    private static IEnumerable<(string Folder, Declared Of)> Sources()
    {
        var options = new CSharpParseOptions(LanguageVersion.Latest, preprocessorSymbols: ["NET10_0_OR_GREATER"]);
        foreach (string folder in Directory.GetDirectories(s_library).Where(d => Path.GetFileName(d) is not ("bin" or "obj")))
        {
            foreach (string file in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
            {
                CompilationUnitSyntax unit = CSharpSyntaxTree.ParseText(File.ReadAllText(file), options).GetCompilationUnitRoot();
                BaseNamespaceDeclarationSyntax declared = unit.Members.OfType<BaseNamespaceDeclarationSyntax>().Single();
                string relative = Path.GetRelativePath(s_library, Path.GetDirectoryName(file)!).Replace('\\', '/');
                yield return (relative, new(declared.Name.ToString(),
                    declared.Members.Any(type => type.Modifiers.Any(SyntaxKind.PublicKeyword)),
                    [.. declared.Members.OfType<BaseTypeDeclarationSyntax>().Select(type => type.Identifier.Text)]));
            }
        }
    }

    private sealed record Declared(string Name, bool IsPublic, string[] Types);
}
