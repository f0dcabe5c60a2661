using System.Text;
using System.Text.RegularExpressions;
using LlmMath.Testing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace LlmMath.Tests.Documentation;

/// <summary>Every C# block of README.md and docs/ is compiled and run; a block followed by a text block must print it.</summary>
public partial class CodeBlockTests
{
    // Read once: every block is compiled against all of them.
    private static readonly MetadataReference[] s_references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    public static TheoryData<string, int> Blocks()
    {
        var blocks = new TheoryData<string, int>();
        foreach (string file in Files())
        {
            for (int i = 0; i < CSharpBlock().Count(File.ReadAllText(Path.Combine(Repository.Root, file))); i++)
            {
                blocks.Add(file, i);
            }
        }

        return blocks;
    }

    [Theory]
    [MemberData(nameof(Blocks))]
    public void ABlockCompilesRunsAndPrintsWhatStandsBelow(string file, int index)
    {
        Match block = CSharpBlock().Matches(File.ReadAllText(Path.Combine(Repository.Root, file)))[index];
        string printed = Run(block.Groups["code"].Value);
        if (block.Groups["output"] is { Success: true } output)
        {
            Assert.Equal(output.Value.ReplaceLineEndings("\n").TrimEnd(), printed.ReplaceLineEndings("\n").TrimEnd());
        }
    }

    [Fact]
    public void TheReadmeHasCode() => Assert.Contains(Blocks(), block => (string)block[0] == "README.md");

    private static IEnumerable<string> Files()
    {
        string docs = Path.Combine(Repository.Root, "docs");
        return Directory.Exists(docs)
            ? Directory.GetFiles(docs, "*.md", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(Repository.Root, path)).Order(StringComparer.Ordinal).Prepend("README.md")
            : ["README.md"];
    }

    private static string Run(string code)
    {
        var options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest);
        SyntaxTree[] trees =
        [
            CSharpSyntaxTree.ParseText(code, options),
            CSharpSyntaxTree.ParseText("""
                global using System;
                global using System.Collections.Generic;
                global using System.IO;
                global using System.Linq;
                """, options),
        ];
        var compilation = CSharpCompilation.Create("Block", trees, s_references,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication));
        using var assembly = new MemoryStream();
        Assert.Empty(compilation.Emit(assembly).Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error));

        TextWriter console = Console.Out;
        var printed = new StringBuilder();
        try
        {
            Console.SetOut(new StringWriter(printed));
            System.Reflection.Assembly.Load(assembly.ToArray()).EntryPoint!.Invoke(null, [Array.Empty<string>()]);
        }
        finally
        {
            Console.SetOut(console);
        }

        return printed.ToString();
    }

    [GeneratedRegex(@"```csharp\r?\n(?<code>.*?)```(\s*```text\r?\n(?<output>.*?)```)?", RegexOptions.Singleline)]
    private static partial Regex CSharpBlock();
}
