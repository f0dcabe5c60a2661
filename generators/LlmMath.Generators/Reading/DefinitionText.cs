using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace LlmMath.Generators;

/// <summary>A definition's file: what it describes and the name that it is given. One file may be given several.</summary>
internal sealed record DefinitionText(AdditionalText File, DefinitionKind Kind, string Name)
{
    private const string KindKey = "build_metadata.AdditionalFiles.LlmMathKind";
    private const string NameKey = "build_metadata.AdditionalFiles.LlmMathName";

    /// <summary>Stands between the kinds and the names of a file that is there for several items: LlmMath.targets joins
    /// them.</summary>
    private const char Separator = '\u001F';

    /// <summary>The file as a definition under each of its names; none where it is some other additional file.</summary>
    public static IEnumerable<DefinitionText> Of(AdditionalText file, AnalyzerConfigOptionsProvider options)
    {
        AnalyzerConfigOptions metadata = options.GetOptions(file);
        string[] kinds = metadata.TryGetValue(KindKey, out string? kind) ? kind.Split(Separator) : [];
        string[] names = metadata.TryGetValue(NameKey, out string? name) ? name.Split(Separator) : [];
        return kinds.Select((kind, i) => Of(file, kind, i < names.Length ? names[i] : ""))
            .OfType<DefinitionText>()
            .Distinct();
    }

    private static DefinitionText? Of(AdditionalText file, string kind, string given) => kind switch
    {
        "model" => new(file, DefinitionKind.Model, NameOf(file, given, ".model")),
        "gpu" => new(file, DefinitionKind.Gpu, NameOf(file, given, ".gpu")),
        "engine" => new(file, DefinitionKind.Engine, NameOf(file, given, ".engine")),
        "trainer" => new(file, DefinitionKind.Trainer, NameOf(file, given, ".trainer")),
        _ => null,
    };

    private static string NameOf(AdditionalText file, string given, string suffix)
    {
        if (!string.IsNullOrWhiteSpace(given))
        {
            return given.Trim();
        }

        string name = Path.GetFileNameWithoutExtension(file.Path);
        return name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase) ? name.Substring(0, name.Length - suffix.Length) : name;
    }
}
