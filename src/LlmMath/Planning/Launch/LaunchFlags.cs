using LlmMath.Planning.Launch;
using LlmMath.Planning.Prices;

namespace LlmMath.Planning;

/// <summary>The flags of an engine, as they were read in its sources.</summary>
/// <param name="Engine">The engine's entry: <c>vllm</c>.</param>
/// <param name="Versions">Versions that were read, the newest first.</param>
/// <param name="Sources">Where each version was read, in the same order.</param>
/// <param name="Images">Container images, with their tags.</param>
/// <param name="Flags">The flags.</param>
public sealed record LaunchFlags(
    string Engine, ValueList<string> Versions, ValueList<string> Sources, ValueList<LaunchImage> Images,
    ValueList<LaunchFlag> Flags)
{
    private static readonly Dictionary<string, Lazy<LaunchFlags>> s_read = new[] { "vllm", "sglang", "tensorrt-llm", "llama.cpp" }
        .ToDictionary(engine => engine, engine => new Lazy<LaunchFlags>(
            () => LaunchJson.Read(Resource.Read($"launch/{engine}.json"))), StringComparer.Ordinal);

    /// <summary>Engines whose flags were read.</summary>
    public static ValueList<string> Engines { get; } = [.. s_read.Keys];

    /// <summary>Tools that measure how fast a server is, whose flags were read.</summary>
    public static ValueList<string> Benchmarks { get; } = ["vllm", "guidellm", "aiperf"];

    /// <summary>The flags of an engine.</summary>
    /// <param name="engine">The engine's entry.</param>
    /// <exception cref="UnknownNameException">Nobody read its flags; the error lists those that were read.</exception>
    public static LaunchFlags Of(string engine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        return s_read.TryGetValue(engine, out Lazy<LaunchFlags>? flags) ? flags.Value
            : throw new UnknownNameException(engine, "is no engine whose flags were read", "Engines", [.. Engines]);
    }

    /// <summary>The flags of a tool that measures how fast a server is.</summary>
    /// <param name="tool">The tool: <c>vllm</c> (<c>vllm bench serve</c>), <c>guidellm</c> or <c>aiperf</c>.</param>
    /// <exception cref="UnknownNameException">Nobody read its flags; the error lists those that were read.</exception>
    public static LaunchFlags OfBenchmark(string tool)
    {
        ArgumentNullException.ThrowIfNull(tool);
        return Benchmarks.Contains(tool) ? LaunchJson.Read(Resource.Read($"launch/bench-{tool}.json"))
            : throw new UnknownNameException(tool, "is no benchmark whose flags were read", "Benchmarks", [.. Benchmarks]);
    }

    /// <summary>The flag that sets something in a version.</summary>
    /// <param name="concept">What it sets.</param>
    /// <param name="version">The version.</param>
    /// <exception cref="EstimateException">There is none in that version: the engine cannot be told.</exception>
    public LaunchFlag For(string concept, string version)
    {
        Check(version);
        return Flags.FirstOrDefault(flag => flag.Concept == concept && flag.Versions.Contains(version))
            ?? throw new EstimateException(concept, $"{Engine} {version} has no flag for it that was read.");
    }

    /// <summary>The flag of a spelling; null where none was read.</summary>
    /// <param name="spelling"><c>-tp</c>.</param>
    public LaunchFlag? Spelled(string spelling) =>
        Flags.FirstOrDefault(flag => flag.Flag == spelling || flag.Aliases.Contains(spelling));

    /// <summary>The engine and how many flags.</summary>
    public override string ToString() => $"{Engine}: {Flags.Count} flags of {string.Join(", ", Versions)}";

    internal void Check(string version)
    {
        if (!Versions.Contains(version))
        {
            throw new EstimateException(nameof(version),
                $"of {Engine} {string.Join(", ", Versions)} were read; it is \"{version}\".");
        }
    }
}
