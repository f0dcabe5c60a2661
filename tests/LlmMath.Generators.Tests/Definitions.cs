using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace LlmMath.Generators.Tests;

/// <summary>A definition's file, in memory.</summary>
internal sealed class Definition(string path, Func<SourceText> read, string kind = "model", string? name = null) : AdditionalText
{
    public Definition(string path, string text, string kind = "model", string? name = null, Encoding? encoding = null)
        : this(path, () => SourceText.From(text, encoding), kind, name)
    {
    }

    public override string Path { get; } = path;

    public string Kind { get; } = kind;

    public string? Name { get; } = name;

    public string Text => read().ToString();

    public override SourceText GetText(CancellationToken cancellationToken = default) => read();

    /// <summary>A model that counts: OPT with one size of choice.</summary>
    public static Definition Opt(string name, int layers = 2) => new($"/models/{name}.json",
        $$"""{ "id": "test/{{name}}", "config": { "model_type": "opt", "num_hidden_layers": {{layers}} } }""");
}

/// <summary>The metadata that MSBuild gives each file.</summary>
internal sealed class Metadata(ImmutableArray<AdditionalText> files) : AnalyzerConfigOptionsProvider
{
    public override AnalyzerConfigOptions GlobalOptions { get; } = new Options(ImmutableDictionary<string, string>.Empty);

    public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

    public override AnalyzerConfigOptions GetOptions(AdditionalText textFile)
    {
        var values = ImmutableDictionary.CreateBuilder<string, string>();
        if (files.Contains(textFile) && textFile is Definition definition)
        {
            values["build_metadata.AdditionalFiles.LlmMathKind"] = definition.Kind;
            values["build_metadata.AdditionalFiles.LlmMathName"] = definition.Name ?? "";
        }

        return new Options(values.ToImmutable());
    }

    private sealed class Options(ImmutableDictionary<string, string> values) : AnalyzerConfigOptions
    {
        // The generator sees an attribute of its own of this name: here it cannot be said which is meant.
#pragma warning disable CS8765
        public override bool TryGetValue(string key, out string? value) => values.TryGetValue(key, out value);
#pragma warning restore CS8765
    }
}
