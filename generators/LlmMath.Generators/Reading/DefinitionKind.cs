namespace LlmMath.Generators;

/// <summary>What a definition describes.</summary>
internal enum DefinitionKind
{
    Model,
    Gpu,
}

/// <summary>The library's names for each kind.</summary>
internal static class DefinitionKinds
{
    /// <summary>The class that holds the entries of the kind.</summary>
    public static string Catalog(this DefinitionKind kind) => kind == DefinitionKind.Model ? "ModelCatalog" : "GpuCatalog";

    /// <summary>The type of an entry.</summary>
    public static string Type(this DefinitionKind kind) => kind == DefinitionKind.Model ? "ModelDefinition" : "Gpu";
}
