namespace LlmMath.Generators;

/// <summary>Types in generated code, from the global namespace down: an entry may have any name, and hides none of them. The
/// namespace is the type's own, since this assembly holds the same sources as the library.</summary>
internal static class TypeName
{
    /// <summary>The namespace of what this assembly does not hold: the catalogs.</summary>
    public const string Catalogs = "LlmMath";

    public static string Of<T>() => Of(typeof(T));

    public static string Of(Type type) => "global::" + type.FullName;

    /// <summary>A class of the catalogs: <c>ModelCatalog</c>.</summary>
    public static string OfCatalog(string name) => $"global::{Catalogs}.{name}";
}
