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
    public static IReadOnlyList<DefinitionKind> All { get; } = [DefinitionKind.Model, DefinitionKind.Gpu];

    /// <summary>The class that holds the entries of the kind.</summary>
    public static string Catalog(this DefinitionKind kind) => kind switch
    {
        DefinitionKind.Model => "ModelCatalog",
        _ => "GpuCatalog",
    };

    /// <summary>The type of an entry.</summary>
    public static string Type(this DefinitionKind kind) => kind switch
    {
        DefinitionKind.Model => "ModelDefinition",
        _ => "Gpu",
    };
}
