namespace LlmMath.Generators;

/// <summary>What a definition describes.</summary>
internal enum DefinitionKind
{
    Model,
    Gpu,
    Engine,
    Trainer,
}

/// <summary>The library's names for each kind.</summary>
internal static class DefinitionKinds
{
    public static IReadOnlyList<DefinitionKind> All { get; } =
        [DefinitionKind.Model, DefinitionKind.Gpu, DefinitionKind.Engine, DefinitionKind.Trainer];

    /// <summary>The library's class that holds the entries of the kind.</summary>
    public static string Catalog(this DefinitionKind kind) => kind switch
    {
        DefinitionKind.Model => "ModelCatalog",
        DefinitionKind.Gpu => "GpuCatalog",
        DefinitionKind.Engine => "EngineCatalog",
        _ => "TrainerCatalog",
    };

    /// <summary>The namespace of these classes.</summary>
    public static string Namespace(this DefinitionKind kind) =>
        kind == DefinitionKind.Trainer ? TypeName.Catalogs + ".Training" : TypeName.Catalogs;

    /// <summary>A class of the kind's, from the global namespace down.</summary>
    public static string InFull(this DefinitionKind kind, string name) => $"global::{kind.Namespace()}.{name}";

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
