using System.Diagnostics.CodeAnalysis;

namespace LlmMath;

/// <summary>Open language models by name. Each entry is compiled from a JSON file of the catalog, and made when it is asked
/// for.</summary>
public static partial class ModelCatalog
{
    /// <summary>Every entry.</summary>
    public static ValueList<ModelDefinition> All => Entries.All;

    /// <summary>The model of a name or an id, in any case.</summary>
    /// <param name="name"><c>opt-350m</c>, <c>facebook/opt-350m</c>.</param>
    /// <exception cref="UnknownNameException">There is no such model; the error lists the nearest.</exception>
    public static ModelDefinition Find(string name) => Entries.Find(name);

    /// <summary>The model of a name, in any case, if there is one.</summary>
    /// <param name="name"><c>opt-350m</c>.</param>
    /// <param name="model">The model.</param>
    /// <returns>Whether there is one.</returns>
    public static bool TryFind(string name, [NotNullWhen(true)] out ModelDefinition? model) => Entries.TryFind(name, out model);
}
