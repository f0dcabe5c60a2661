namespace LlmMath;

/// <summary>Serving engines by name. Each entry is compiled from a JSON file of the catalog, and made when it is asked
/// for.</summary>
public static partial class EngineCatalog
{
    /// <summary>Every entry.</summary>
    public static ValueList<EngineProfile> All => Entries.All;

    /// <summary>The engine of a name, in any case.</summary>
    /// <param name="name"><c>vllm</c>.</param>
    /// <exception cref="UnknownNameException">There is no such engine; the error lists the nearest.</exception>
    public static EngineProfile Find(string name) => Entries.Find(name);
}
