using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace LlmMath.Generators;

/// <summary>A definition's file: what it describes and the name that it is given.</summary>
internal sealed record DefinitionText(AdditionalText File, DefinitionKind Kind, string Name)
{
    private const string KindKey = "build_metadata.AdditionalFiles.LlmMathKind";
    private const string NameKey = "build_metadata.AdditionalFiles.LlmMathName";

    /// <summary>The file as a definition, or null where it is some other additional file.</summary>
    public static DefinitionText? From(AdditionalText file, AnalyzerConfigOptionsProvider options)
    {
        AnalyzerConfigOptions metadata = options.GetOptions(file);
        if (!metadata.TryGetValue(KindKey, out string? kind))
        {
            return null;
        }

        return kind switch
        {
            "model" => new(file, DefinitionKind.Model, NameOf(file, metadata, ".model")),
            "gpu" => new(file, DefinitionKind.Gpu, NameOf(file, metadata, ".gpu")),
            "engine" => new(file, DefinitionKind.Engine, NameOf(file, metadata, ".engine")),
            _ => null,
        };
    }

    private static string NameOf(AdditionalText file, AnalyzerConfigOptions metadata, string suffix)
    {
        if (metadata.TryGetValue(NameKey, out string? given) && !string.IsNullOrWhiteSpace(given))
        {
            return given.Trim();
        }

        string name = Path.GetFileNameWithoutExtension(file.Path);
        return name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase) ? name.Substring(0, name.Length - suffix.Length) : name;
    }
}
