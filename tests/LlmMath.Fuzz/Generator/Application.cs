extern alias generators;

using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace LlmMath.Fuzz.Generator;

/// <summary>An application that references the library, compiled with what the generator makes of its definitions.</summary>
internal static class Application
{
    private static readonly MetadataReference[] s_references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is { } name && name.StartsWith("System.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path)),
        MetadataReference.CreateFromFile(typeof(ModelDefinition).Assembly.Location),
    ];

    /// <summary>Languages that an application may be written in; static extension members are there from C# 14 on.</summary>
    public static IReadOnlyList<LanguageVersion> Languages { get; } =
        [LanguageVersion.CSharp14, LanguageVersion.CSharp13, LanguageVersion.CSharp12, LanguageVersion.CSharp9];

    private static readonly Dictionary<LanguageVersion, (CSharpParseOptions Options, CSharpCompilation Empty)> s_empty =
        Languages.ToDictionary(language => language, Empty);

    /// <summary>Runs the generator as the compiler does and compiles what it made.</summary>
    public static Made Make(LanguageVersion language, IReadOnlyList<Definition> definitions)
    {
        (CSharpParseOptions options, CSharpCompilation empty) = s_empty[language];
        ImmutableArray<AdditionalText> files = [.. definitions];
        GeneratorDriver driver = CSharpGeneratorDriver
            .Create([new generators::LlmMath.Generators.CatalogGenerator().AsSourceGenerator()], files, options, new Metadata())
            .RunGeneratorsAndUpdateCompilation(empty, out Compilation compiled, out ImmutableArray<Diagnostic> diagnostics);
        return new(driver.GetRunResult().Results.Single(), compiled, diagnostics);
    }

    private static (CSharpParseOptions, CSharpCompilation) Empty(LanguageVersion language)
    {
        var options = new CSharpParseOptions(language, DocumentationMode.Diagnose);
        return (options, CSharpCompilation.Create("Application",
            [CSharpSyntaxTree.ParseText("class Program { static void Main() { } }", options)], s_references,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication)));
    }
}

/// <summary>What the generator made, compiled.</summary>
/// <param name="Result">The generator's own result.</param>
/// <param name="Compiled">The application with it.</param>
/// <param name="Diagnostics">What the driver reported.</param>
internal sealed record Made(GeneratorRunResult Result, Compilation Compiled, ImmutableArray<Diagnostic> Diagnostics);
