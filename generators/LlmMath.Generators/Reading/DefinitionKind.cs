namespace LlmMath.Generators;

/// <summary>What a definition describes.</summary>
internal enum DefinitionKind
{
    Model,
    Gpu,
    Engine,
}

/// <summary>The library's names for each kind.</summary>
internal static class DefinitionKinds
{
    public static IReadOnlyList<DefinitionKind> All { get; } = [DefinitionKind.Model, DefinitionKind.Gpu, DefinitionKind.Engine];

    /// <summary>The class that holds the entries of the kind.</summary>
    public static string Catalog(this DefinitionKind kind) => kind switch
    {
        DefinitionKind.Model => "ModelCatalog",
        DefinitionKind.Gpu => "GpuCatalog",
        _ => "EngineCatalog",
    };

    /// <summary>The type of an entry.</summary>
    public static string Type(this DefinitionKind kind) => kind switch
    {
        DefinitionKind.Model => "ModelDefinition",
        DefinitionKind.Gpu => "Gpu",
        _ => "EngineProfile",
    };
}
