using System.Diagnostics.CodeAnalysis;
using LlmMath.Engines.Json;
using LlmMath.Interchange.Json;

namespace LlmMath;

/// <summary>Engines by name. Each entry is compiled from a JSON file of the catalog, and made when it is asked for.</summary>
public static partial class EngineCatalog
{
    private static Engine[]? s_ranked;

    /// <summary>Every entry.</summary>
    public static ValueList<Engine> All => Entries.All;

    // The entries are made once; a second thread would make the same list.
    private static Engine[] Ranked =>
        s_ranked ??= [.. All.Where(engine => engine.Rank is not null).OrderBy(engine => engine.Rank)];

    /// <summary>The engine of a name, in any case.</summary>
    /// <param name="name"><c>vllm</c>, <c>llama.cpp</c>; <c>llama-cpp</c> and other aliases too.</param>
    /// <exception cref="UnknownNameException">There is no such engine; the error lists the nearest.</exception>
    public static Engine Find(string name) => Entries.Find(name);

    /// <summary>The engine of a name, in any case, if there is one.</summary>
    /// <param name="name"><c>vllm</c>.</param>
    /// <param name="engine">The engine.</param>
    /// <returns>Whether there is one.</returns>
    public static bool TryFind(string name, [NotNullWhen(true)] out Engine? engine) => Entries.TryFind(name, out engine);

    /// <summary>The engine of a name, or of a definition file of one's own, or as it was calibrated
    /// (<see cref="Engines.EngineCalibration"/>); the catalog comes first where both are there.</summary>
    /// <param name="pathOrName"><c>vllm</c>, or the path of a <c>*.engine.json</c>.</param>
    /// <exception cref="UnknownNameException">It is neither an entry nor a file; the error lists the nearest.</exception>
    /// <exception cref="DefinitionException">The file is malformed, or a field is missing, unknown or wrong: names file and
    /// field.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be opened.</exception>
    public static Engine Load(string pathOrName) => OwnFile.Load(Entries, pathOrName, ".engine.json", ReadOwn);

    /// <summary>The engine that a definition file describes.</summary>
    /// <param name="stream">The file's bytes, UTF-8; read to the end, at most 16 MiB. It is left open.</param>
    /// <param name="name">The engine's name, which errors give too.</param>
    /// <exception cref="DefinitionException">The text is malformed, or a field is missing, unknown or wrong: names the
    /// field.</exception>
    public static Engine Read(Stream stream, string name) => OwnFile.Read(stream, name, name, ReadOwn);

    // An engine's own file, or what was measured beside one of the catalog's.
    private static Engine ReadOwn(ReadOnlySpan<byte> utf8, string name) =>
        OwnTimeJson.Read(ModelJson.ReadRoot(utf8), Released) ?? EngineJson.Read(utf8, name);

    private static Engine? Released(string name, string? release) => !TryFind(name, out Engine? engine) ? null
        : release is null ? engine
        : engine.Speed?.Releases.Any(other => other.Version == release) == true ? engine.At(release)
        : null;

    /// <summary>The engine that people usually take for weights of a format: the first by <see cref="Engine.Rank"/> that loads
    /// them, has the cache's formats and runs on the GPUs; vLLM for most, llama.cpp for its own formats and on Apple's GPUs. Null
    /// where there is none.</summary>
    /// <param name="weights">The weights' format.</param>
    /// <param name="keys">Number format of keys; bf16 unless stated.</param>
    /// <param name="values">Number format of values; that of the keys unless stated.</param>
    /// <param name="gpus">The kinds of GPU; none where it does not matter.</param>
    /// <param name="needsSpeed">Whether its speed must be known.</param>
    public static Engine? UsualFor(WeightFormat weights, CacheFormat? keys = null, CacheFormat? values = null,
        IReadOnlyList<Gpu>? gpus = null, bool needsSpeed = false)
    {
        ArgumentNullException.ThrowIfNull(weights);
        keys ??= CacheFormat.Bf16;
        return Array.Find(Ranked, engine => engine.Supports(weights, keys) && engine.Supports(weights, values ?? keys)
            && (engine.Load.Caches is not null || (IsPlain(keys) && IsPlain(values ?? keys)))
            && (gpus is null || gpus.All(engine.SupportsGpu)) && (!needsSpeed || engine.Speed is not null));
    }

    // Which caches an engine has is not known of all: those of 16 bits and more, all have.
    private static bool IsPlain(CacheFormat cache) => cache.BitsPerElement >= 16;
}
