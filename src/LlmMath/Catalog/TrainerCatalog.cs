using System.Diagnostics.CodeAnalysis;
using LlmMath.Engines.Json;

namespace LlmMath.Training;

/// <summary>Training frameworks by name: they stand where an engine does in a <see cref="Deployment"/>. Each entry is compiled
/// from a JSON file of the catalog, and made when it is asked for.</summary>
public static partial class TrainerCatalog
{
    /// <summary>Every entry.</summary>
    public static ValueList<Engine> All => Entries.All;

    /// <summary>The trainer of a name, in any case.</summary>
    /// <param name="name"><c>torchtitan</c>, <c>megatron</c>.</param>
    /// <exception cref="UnknownNameException">There is no such trainer; the error lists the nearest.</exception>
    public static Engine Find(string name) => Entries.Find(name);

    /// <summary>The trainer of a name, in any case, if there is one.</summary>
    /// <param name="name"><c>torchtitan</c>.</param>
    /// <param name="trainer">The trainer.</param>
    /// <returns>Whether there is one.</returns>
    public static bool TryFind(string name, [NotNullWhen(true)] out Engine? trainer) => Entries.TryFind(name, out trainer);

    /// <summary>The trainer that a definition file describes.</summary>
    /// <param name="stream">The file's bytes, UTF-8; read to the end, at most 16 MiB. It is left open.</param>
    /// <param name="name">The trainer's name, which errors give too.</param>
    /// <exception cref="DefinitionException">The text is malformed, or a field is missing, unknown or wrong: names the
    /// field.</exception>
    public static Engine Read(Stream stream, string name) => OwnFile.Read(stream, name, name, TrainerJson.Read);
}
