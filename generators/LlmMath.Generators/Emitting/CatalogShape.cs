using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace LlmMath.Generators;

/// <summary>Where generated members stand: in the library's own catalogs, or in the application's.</summary>
/// <param name="IsLibrary">Whether this is the library's own build, whose catalogs the members complete.</param>
/// <param name="HasLibrary">Whether the library is there to be used: analyzers can flow to projects that do not reference
/// it.</param>
/// <param name="HasExtensions">Whether the application's language has static extension members, which C# 14 brought.</param>
internal sealed record CatalogShape(bool IsLibrary, bool HasLibrary, bool HasExtensions)
{
    /// <summary>C# 14, by its number: this generator is built on a compiler that does not know the name.</summary>
    private const LanguageVersion CSharp14 = (LanguageVersion)1400;

    public static CatalogShape Of(Compilation compilation, CancellationToken cancellation)
    {
        bool isLibrary = compilation.AssemblyName == "LlmMath";
        bool hasLibrary = isLibrary || compilation.GetTypeByMetadataName($"{TypeName.Catalogs}.{DefinitionKind.Model.Catalog()}")
            is not null;
        return new(isLibrary, hasLibrary, !isLibrary && compilation is CSharpCompilation { LanguageVersion: >= CSharp14 });
    }

    public string ClassOf(DefinitionKind kind) => IsLibrary
        ? $"public static partial class {kind.Catalog()}"
        : $"internal static partial class {kind.ApplicationCatalog()}";
}
