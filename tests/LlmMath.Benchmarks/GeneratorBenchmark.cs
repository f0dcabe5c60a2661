extern alias generators;

using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace LlmMath.Benchmarks;

/// <summary>What an edit costs while one types: one of 600 definitions changes, and the generator runs again.</summary>
internal static class GeneratorBenchmark
{
    private const int Definitions = 600, Edits = 40;

    public static void Run()
    {
        ImmutableArray<AdditionalText> files =
            [.. Enumerable.Range(0, Definitions).Select(i => (AdditionalText)new Definition(i, layers: 2))];
        var compilation = CSharpCompilation.Create("Application", [CSharpSyntaxTree.ParseText("class Program;")],
            [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
                .Select(path => MetadataReference.CreateFromFile(path))],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        GeneratorDriver driver = CSharpGeneratorDriver.Create(
            [new generators::LlmMath.Generators.CatalogGenerator().AsSourceGenerator()], files, null, new Options());
        long start = Stopwatch.GetTimestamp();
        driver = driver.RunGenerators(compilation);
        double first = Stopwatch.GetElapsedTime(start).TotalMilliseconds;

        var times = new List<double>();
        for (int edit = 0; edit < Edits; edit++)
        {
            AdditionalText old = files[edit];
            var changed = new Definition(edit, layers: 3 + edit);
            files = files.Replace(old, changed);
            driver = driver.ReplaceAdditionalText(old, changed);
            start = Stopwatch.GetTimestamp();
            driver = driver.RunGenerators(compilation);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        int sources = driver.GetRunResult().Results.Single().GeneratedSources.Length;
        times.Sort();
        Console.WriteLine($"{Definitions} definitions, {sources} files made: the first run {first:0} ms; "
            + $"an edit of one, {Edits} times: median {times[Edits / 2]:0.0} ms, least {times[0]:0.0}, most {times[^1]:0.0}");
    }

    private sealed class Definition(int number, int layers) : AdditionalText
    {
        public override string Path { get; } = $"/models/model-{number}.model.json";

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From($$"""
            { "id": "test/model-{{number}}", "config": { "model_type": "llama", "num_hidden_layers": {{layers}}, "hidden_size": 512,
              "num_attention_heads": 8, "intermediate_size": 2048, "vocab_size": 32000 } }
            """);
    }

    private sealed class Options : AnalyzerConfigOptionsProvider
    {
        private static readonly Metadata s_metadata = new();

        public override AnalyzerConfigOptions GlobalOptions => s_metadata;

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => s_metadata;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => s_metadata;
    }

    private sealed class Metadata : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? value)
        {
            value = key == "build_metadata.AdditionalFiles.LlmMathKind" ? "model" : null;
            return value is not null;
        }
    }
}
