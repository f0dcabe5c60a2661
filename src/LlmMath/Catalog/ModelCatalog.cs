using System.Diagnostics.CodeAnalysis;

namespace LlmMath;

/// <summary>Open language models by name. Each entry is compiled from a JSON file of the catalog, and made when it is asked
/// for.</summary>
public static partial class ModelCatalog
{
    /// <summary>Every entry.</summary>
    public static ValueList<ModelDefinition> All => Entries.All;

    /// <summary>The model of a name: an entry's name or id in any case, or as Ollama, GGUF repositories and people write
    /// it.</summary>
    /// <param name="name"><c>opt-350m</c>, <c>facebook/opt-350m</c>, <c>llama3.1:8b-instruct-q4_K_M</c>,
    /// <c>bartowski/Meta-Llama-3.1-8B-Instruct-GGUF</c>.</param>
    /// <exception cref="UnknownNameException">There is no such model, or several; the error lists the nearest.</exception>
    public static ModelDefinition Find(string name) => TryFind(name, out ModelDefinition? model) ? model
        : throw new UnknownNameException(name, "is not in the catalog", ModelName.Nearest(Entries, name));

    /// <summary>The model of a name, as for <see cref="Find"/>, if there is one.</summary>
    /// <param name="name"><c>opt-350m</c>, <c>llama3.1:8b</c>.</param>
    /// <param name="model">The model.</param>
    /// <returns>Whether there is one.</returns>
    public static bool TryFind(string name, [NotNullWhen(true)] out ModelDefinition? model) =>
        TryFind(name, out model, out _);

    /// <summary>The model of a name, as for <see cref="Find"/>, if there is one, and the format that the name says.</summary>
    /// <param name="name"><c>llama3.1:8b-instruct-q4_K_M</c>.</param>
    /// <param name="model">The model.</param>
    /// <param name="weights">The weights' format as the name says it (<c>q4_k_m</c>); null where it says none, or one that is
    /// not known.</param>
    /// <returns>Whether there is one.</returns>
    public static bool TryFind(string name, [NotNullWhen(true)] out ModelDefinition? model, out WeightFormat? weights)
    {
        weights = null;
        if (Entries.TryFind(name, out model))
        {
            return true;
        }

        if (!ModelName.TryFind(Entries, name, out model))
        {
            return false;
        }

        weights = ModelName.Of(name).Weights;
        return true;
    }
}
