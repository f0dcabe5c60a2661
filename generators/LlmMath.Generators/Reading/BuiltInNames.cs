using Microsoft.CodeAnalysis;

namespace LlmMath.Generators;

/// <summary>The members that the library's catalogs already have: an entry of the same name would silently lose to them.</summary>
internal static class BuiltInNames
{
    /// <summary>Names as <c>Model.Opt350m</c>; none in the library's own build, which makes them.</summary>
    public static ValueList<string> Of(Compilation compilation, CancellationToken cancellation) => compilation.AssemblyName == "LlmMath"
        ? ValueList<string>.Empty
        : [.. Of(compilation, DefinitionKind.Model, "LlmMath.ModelCatalog"), .. Of(compilation, DefinitionKind.Gpu, "LlmMath.GpuCatalog")];

    private static IEnumerable<string> Of(Compilation compilation, DefinitionKind kind, string catalog) =>
        compilation.GetTypeByMetadataName(catalog)?.GetMembers().OfType<IPropertySymbol>().Select(member => $"{kind}.{member.Name}") ?? [];
}
