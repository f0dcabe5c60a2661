namespace LlmMath;

/// <summary>Accelerators by name. Each entry is compiled from a JSON file of the catalog, and made when it is asked
/// for.</summary>
public static partial class GpuCatalog
{
    /// <summary>Every entry.</summary>
    public static ValueList<Gpu> All => Entries.All;

    /// <summary>The accelerator of a name, in any case.</summary>
    /// <param name="name"><c>a100-sxm-80gb</c>.</param>
    /// <exception cref="UnknownNameException">There is no such accelerator; the error lists the nearest.</exception>
    public static Gpu Find(string name) => Entries.Find(name);
}
