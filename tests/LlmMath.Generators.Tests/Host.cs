using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace LlmMath.Generators.Tests;

/// <summary>Runs the generator as a compiler does.</summary>
internal static class Host
{
    private static readonly MetadataReference[] s_references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is { } name
                && (name.StartsWith("System.", StringComparison.Ordinal) || name == "netstandard.dll"))
            .Select(path => MetadataReference.CreateFromFile(path)),
        MetadataReference.CreateFromFile(typeof(Host).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(a => a.Key == "LibraryUnderTest").Value!.Split(';')[0]),
    ];

    /// <summary>An application that references the library.</summary>
    public static CSharpCompilation Application { get; } = CSharpCompilation.Create("Application",
        [CSharpSyntaxTree.ParseText("class Program { static void Main() { } }")], s_references,
        new CSharpCompilationOptions(OutputKind.ConsoleApplication, concurrentBuild: false));

    /// <summary>The library that it references.</summary>
    public static IAssemblySymbol Library { get; } =
        (IAssemblySymbol)Application.GetAssemblyOrModuleSymbol(Application.References.Last())!;

    public static GeneratorDriver Driver(params Definition[] definitions)
    {
        ImmutableArray<AdditionalText> files = [.. definitions];
        return CSharpGeneratorDriver.Create([new CatalogGenerator().AsSourceGenerator()], files, null, new Metadata(files),
            new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
    }

    public static GeneratorDriver With(this GeneratorDriver driver, params Definition[] definitions)
    {
        ImmutableArray<AdditionalText> files = [.. definitions];
        return driver.ReplaceAdditionalTexts(files).WithUpdatedAnalyzerConfigOptions(new Metadata(files));
    }

    /// <summary>Runs the generator alone; it must not throw.</summary>
    public static GeneratorRunResult Run(params Definition[] definitions) =>
        Result(Driver(definitions).RunGenerators(Application));

    public static GeneratorRunResult Result(GeneratorDriver driver)
    {
        GeneratorRunResult result = driver.GetRunResult().Results.Single();
        Assert.Null(result.Exception);
        return result;
    }

    /// <summary>Runs the generator and compiles what it made; nothing may be wrong with it.</summary>
    public static Compilation Compile(params Definition[] definitions)
    {
        Driver(definitions).RunGeneratorsAndUpdateCompilation(
            Application, out Compilation compiled, out ImmutableArray<Diagnostic> diagnostics);
        Assert.Empty(diagnostics);
        AssertClean(compiled);
        return compiled;
    }

    /// <summary>Runs the generator and compiles what it made, which must be in order, whatever it refused.</summary>
    public static GeneratorRunResult CompileWhatIsMade(params Definition[] definitions)
    {
        GeneratorDriver driver = Driver(definitions).RunGeneratorsAndUpdateCompilation(Application, out Compilation compiled,
            out _);
        AssertClean(compiled);
        return Result(driver);
    }

    private static void AssertClean(Compilation compiled) =>
        Assert.Empty(compiled.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning));
}
