using LlmMath.Engines;

namespace LlmMath.Calibration;

/// <summary>Which rows share a factor of a constant.</summary>
internal enum Sharing
{
    /// <summary>All rows that are fitted together.</summary>
    All,

    /// <summary>Those of an engine.</summary>
    Engine,

    /// <summary>Those on a vendor's hardware.</summary>
    Vendor,

    /// <summary>Those on a generation of hardware.</summary>
    Generation,

    /// <summary>Those of an engine on a generation.</summary>
    EngineOnGeneration,

    /// <summary>Those on a GPU.</summary>
    Gpu,

    /// <summary>Those of a release of an engine.</summary>
    Release,
}

/// <summary>Rows that share a factor of each constant: an engine's, a generation's …</summary>
/// <param name="Shared">What they have in common.</param>
/// <param name="Engine">The engine, where they share one.</param>
/// <param name="Named">The vendor, generation, GPU or release, where they share one.</param>
internal readonly record struct Level(Sharing Shared, string? Engine = null, string? Named = null) : IComparable<Level>
{
    // Stands for the engine where a level is a processor's.
    private const string Host = "(host)";

    /// <summary>The levels of an engine on what is named of a place.</summary>
    public static IEnumerable<Level> Of(string engine, Place place)
    {
        yield return new(Sharing.All);
        yield return new(Sharing.Engine, engine);
        if (place.Vendor is { } vendor)
        {
            yield return new(Sharing.Vendor, null, vendor);
        }

        if (place.Generation is { } generation)
        {
            yield return new(Sharing.Generation, null, generation);
            yield return new(Sharing.EngineOnGeneration, engine, generation);
        }

        if (place.Gpu is { } gpu)
        {
            yield return new(Sharing.Gpu, null, gpu);
        }

        if (place.HostGeneration is { } processors)
        {
            yield return new(Sharing.Generation, Host, processors);
        }

        if (place.Host is { } host)
        {
            yield return new(Sharing.Gpu, Host, host);
        }

        if (place.Release is { } release)
        {
            yield return new(Sharing.Release, engine, release);
        }
    }

    /// <summary>The levels of a row.</summary>
    public static IEnumerable<Level> Of(Observation row) => Of(row.Engine.Name, row.Place);

    /// <summary>Whether a constant may differ at this level: of a processor only what is reckoned with it, and no other level of
    /// hardware has a say in that.</summary>
    public bool Concerns(EngineConstant constant) =>
        Shared is Sharing.All or Sharing.Engine || constant.IsOfHost == (Engine == Host);

    /// <summary>By what is shared, then by its names.</summary>
    public int CompareTo(Level other) => Shared != other.Shared ? Shared.CompareTo(other.Shared)
        : string.CompareOrdinal(Engine, other.Engine) is not 0 and int order ? order
        : string.CompareOrdinal(Named, other.Named);
}
