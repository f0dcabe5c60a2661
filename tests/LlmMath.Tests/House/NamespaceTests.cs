using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LlmMath.Tests.House;

/// <summary>A file without a public type has the namespace of its folder: two folders deep at most, and the parent's where that
/// would be named as a type is.</summary>
public class NamespaceTests
{
    [Fact]
    public void InternalTypesStandInTheNamespaceOfTheirFolder()
    {
        List<Declared> files = [.. LibrarySources.Trees.Select(Read)];
        HashSet<string> types = [.. files.SelectMany(file => file.Types)];
        Assert.True(files.Count > 300, "The sources were not found.");
        Assert.Empty(files.Where(file => !file.IsPublic && file.Namespace != Expected(file.Folder, types))
            .Select(file => $"{file.Folder}: {file.Namespace}, not {Expected(file.Folder, types)}").Distinct());
    }

    private static string Expected(string folder, HashSet<string> types)
    {
        string[] parts = [.. folder.Split('/').Take(2).TakeWhile(part => !types.Contains(part))];
        return string.Join('.', parts.Prepend("LlmMath"));
    }

    private static Declared Read(SyntaxTree tree)
    {
        BaseNamespaceDeclarationSyntax space = ((CompilationUnitSyntax)tree.GetRoot()).Members
            .OfType<BaseNamespaceDeclarationSyntax>().Single();
        return new(LibrarySources.Folder(tree), space.Name.ToString(),
            space.Members.Any(type => type.Modifiers.Any(SyntaxKind.PublicKeyword)),
            [.. space.Members.OfType<BaseTypeDeclarationSyntax>().Select(type => type.Identifier.Text)]);
    }

    private sealed record Declared(string Folder, string Namespace, bool IsPublic, string[] Types);
}
