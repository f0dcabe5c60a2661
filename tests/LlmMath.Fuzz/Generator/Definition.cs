using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace LlmMath.Fuzz.Generator;

/// <summary>A definition's file, in memory, with the metadata that MSBuild gives it.</summary>
internal sealed class Definition(string path, string text, string kind, string? name = null) : AdditionalText
{
    public override string Path { get; } = path;

    public string Kind { get; } = kind;

    public string? Name { get; } = name;

    public string Text { get; } = text;

    public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(Text);

    public override string ToString() => $"{Kind} {Name} {Path}: {Text}";
}

/// <summary>What the compiler tells the generator of each file.</summary>
internal sealed class Metadata : AnalyzerConfigOptionsProvider
{
    public override AnalyzerConfigOptions GlobalOptions { get; } = new Options(null);

    public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

    public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => new Options(textFile as Definition);

    private sealed class Options(Definition? definition) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? value)
        {
            value = key switch
            {
                "build_metadata.AdditionalFiles.LlmMathKind" => definition?.Kind,
                "build_metadata.AdditionalFiles.LlmMathName" => definition?.Name,
                _ => null,
            };
            return value is not null;
        }
    }
}
