using Microsoft.CodeAnalysis;

namespace LlmMath.Generators;

/// <summary>A member that no entry of a kind may have.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Member">The member's name.</param>
/// <param name="Owner">Who has it, as a message says it.</param>
internal sealed record TakenName(DefinitionKind Kind, string Member, string Owner);

/// <summary>The members that are taken before any definition is read. An entry of a name that the library's catalog has would
/// silently lose to it; one of a name that every object has, or that the classes around it have, would not compile.</summary>
internal static class BuiltInNames
{
    public static ValueList<TakenName> Of(Compilation compilation, CancellationToken cancellation)
    {
        string[] ofObject = [.. compilation.GetSpecialType(SpecialType.System_Object).GetMembers().Select(member => member.Name)];
        return [.. DefinitionKinds.All.SelectMany(kind => Of(compilation, kind, ofObject))];
    }

    private static IEnumerable<TakenName> Of(Compilation compilation, DefinitionKind kind, string[] ofObject)
    {
        string[] around = [CatalogEmitter.Entries, kind.Catalog(), kind.ApplicationCatalog(), kind.Extensions()];
        return OfLibrary(compilation, kind).Select(name => new TakenName(kind, name, "the library's own catalog"))
            .Concat(around.Select(name => new TakenName(kind, name, "the catalog itself")))
            .Concat(ofObject.Select(name => new TakenName(kind, name, "every C# object")));
    }

    // In the library's own build these are the members that are not made here.
    private static IEnumerable<string> OfLibrary(Compilation compilation, DefinitionKind kind) =>
        compilation.GetTypeByMetadataName($"{kind.Namespace()}.{kind.Catalog()}")?.GetMembers()
            .Where(member => member is IPropertySymbol or IMethodSymbol { MethodKind: MethodKind.Ordinary })
            .Select(member => member.Name) ?? [];
}
