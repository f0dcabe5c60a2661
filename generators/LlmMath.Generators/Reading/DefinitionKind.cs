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

    /// <summary>The library's class that holds the entries of the kind.</summary>
    public static string Catalog(this DefinitionKind kind) => kind switch
    {
        DefinitionKind.Model => "ModelCatalog",
        DefinitionKind.Gpu => "GpuCatalog",
        _ => "EngineCatalog",
    };

    /// <summary>The application's class that holds its own entries.</summary>
    public static string ApplicationCatalog(this DefinitionKind kind) => "App" + kind.Catalog();

    /// <summary>The class that makes the application's entries members of the library's catalog.</summary>
    public static string Extensions(this DefinitionKind kind) => kind.Catalog() + "Extensions";

    /// <summary>The type of an entry.</summary>
    public static string Type(this DefinitionKind kind) => kind switch
    {
        DefinitionKind.Model => TypeName.Of<ModelDefinition>(),
        DefinitionKind.Gpu => TypeName.Of<Gpu>(),
        _ => TypeName.Of<Engine>(),
    };
}
