using LlmMath.Testing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace LlmMath.Tests.House;

/// <summary>The library's sources as the compiler understands them, without what the generator adds.</summary>
internal static class LibrarySources
{
    private static readonly string s_root = Path.Combine(Repository.Root, "src", "LlmMath");

    private static readonly CSharpParseOptions s_options =
        new(LanguageVersion.Preview, DocumentationMode.None, preprocessorSymbols: ["NET8_0_OR_GREATER", "NET10_0_OR_GREATER"]);

    private static readonly string[] s_usings =
        ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Threading", "System.Threading.Tasks"];

    /// <summary>Each file with a folder, parsed; its path is relative to the library's folder and has slashes.</summary>
    public static IReadOnlyList<SyntaxTree> Trees { get; } = [.. Files().Select(Parse)];

    /// <summary>The folder of a file: <c>Models/Families/Shared</c>.</summary>
    public static string Folder(SyntaxTree tree) => tree.FilePath[..tree.FilePath.LastIndexOf('/')];

    /// <summary>Every use in one file of what another folder declares.</summary>
    public static IEnumerable<Use> Uses()
    {
        CSharpCompilation compilation = Compile();
        HashSet<string> declared = [.. Trees.SelectMany(tree => tree.GetRoot().DescendantNodes()).Select(Name).OfType<string>()];
        return Trees.AsParallel().SelectMany(tree => Uses(tree, compilation.GetSemanticModel(tree), declared));
    }

    // What another file can name.
    private static string? Name(SyntaxNode node) => node switch
    {
        BaseTypeDeclarationSyntax type => type.Identifier.Text,
        DelegateDeclarationSyntax type => type.Identifier.Text,
        MethodDeclarationSyntax method => method.Identifier.Text,
        PropertyDeclarationSyntax property => property.Identifier.Text,
        ParameterSyntax { Parent.Parent: RecordDeclarationSyntax } property => property.Identifier.Text,
        EnumMemberDeclarationSyntax member => member.Identifier.Text,
        VariableDeclaratorSyntax { Parent.Parent: FieldDeclarationSyntax } field => field.Identifier.Text,
        _ => null,
    };

    private static IEnumerable<Use> Uses(SyntaxTree tree, SemanticModel model, HashSet<string> declared)
    {
        string folder = Folder(tree);
        foreach (SimpleNameSyntax name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>()
            .Where(name => declared.Contains(name.Identifier.Text)))
        {
            SymbolInfo found = model.GetSymbolInfo(name);
            ISymbol? symbol = (found.Symbol ?? found.CandidateSymbols.FirstOrDefault())?.OriginalDefinition;
            SyntaxTree? home = symbol is INamespaceSymbol ? null : symbol?.DeclaringSyntaxReferences.FirstOrDefault()?.SyntaxTree;
            if (home is not null && Folder(home) != folder)
            {
                int line = name.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
                yield return new(folder, Folder(home), $"{tree.FilePath}({line}): {name.Identifier.Text}");
            }
        }
    }

    private static CSharpCompilation Compile()
    {
        string usings = string.Concat(s_usings.Select(name => $"global using {name};\n"));
        IEnumerable<MetadataReference> references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator).Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path));
        return CSharpCompilation.Create("LlmMath", [.. Trees, CSharpSyntaxTree.ParseText(usings, s_options, "/usings.cs")],
            references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
    }

    private static SyntaxTree Parse(string file) => CSharpSyntaxTree.ParseText(File.ReadAllText(file), s_options,
        Path.GetRelativePath(s_root, file).Replace('\\', '/'));

    private static IEnumerable<string> Files() => Directory.GetDirectories(s_root)
        .Where(folder => Path.GetFileName(folder) is not ("bin" or "obj"))
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories));
}

/// <summary>A use of one folder's code in another.</summary>
/// <param name="From">The folder that uses: <c>Models/Families</c>.</param>
/// <param name="To">The folder that declares.</param>
/// <param name="Where">File, line and name.</param>
internal sealed record Use(string From, string To, string Where);
