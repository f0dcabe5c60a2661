using LlmMath.Cli.Output;
using LlmMath.Interchange;

namespace LlmMath.Cli;

/// <summary>What MODEL names: a catalog entry, or a file that describes or holds a model.</summary>
/// <param name="Name">How output names it.</param>
/// <param name="Definition">The model's definition; null for a checkpoint where neither it nor a config.json beside it
/// tells.</param>
/// <param name="Header">The checkpoint's header, where MODEL is one.</param>
internal sealed record ModelArgument(string Name, ModelDefinition? Definition, CheckpointHeader? Header)
{
    /// <summary>Why a checkpoint has no definition, where what should give one cannot be read.</summary>
    public string? Problem { get; private init; }

    /// <summary>Whether the definition was read from a config.json, which may leave fields out.</summary>
    public bool IsConfig { get; private init; }

    /// <summary>Finds a model.</summary>
    /// <exception cref="CliException">There is no such entry or file, or the file cannot be read.</exception>
    public static ModelArgument Resolve(string argument)
    {
        if (ModelCatalog.Entries.TryFind(argument, out ModelDefinition? entry))
        {
            return new ModelArgument(entry.Name, entry, null);
        }

        string path = Directory.Exists(argument) ? Path.Combine(argument, "config.json") : argument;
        return File.Exists(path) ? Read(argument, path) : throw new CliException(NotFound(argument));
    }

    /// <summary>Reads a file that exists.</summary>
    /// <exception cref="CliException">The file cannot be read.</exception>
    public static ModelArgument ResolveFile(string path) => Read(path, path);

    /// <summary>The definition, for a question that needs one.</summary>
    /// <exception cref="CliException">There is none.</exception>
    public ModelDefinition Required => Definition ?? throw new CliException(Problem
        ?? $"{Name}: the checkpoint has no config.json beside it, so its architecture is not known. "
        + "Give its config.json or a catalog entry.");

    private static ModelArgument Read(string argument, string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            Stream config = stream.CanSeek ? stream : CheckpointFile.RequireConfig(stream);
            return stream.CanSeek && CheckpointFile.TryReadHeader(path) is { } header
                ? OfCheckpoint(header, path, argument)
                : new(argument, HuggingFaceConfig.Read(config, argument), null) { IsConfig = true };
        }
        catch (Exception error) when (Line(error, argument) is { } line)
        {
            throw new CliException(line, error);
        }
    }

    private static ModelArgument OfCheckpoint(CheckpointHeader header, string path, string argument)
    {
        bool isGguf = header.Format == "gguf";
        string config = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path)) ?? ".", "config.json");
        var unknown = new ModelArgument(argument, null, header);
        try
        {
            return isGguf ? unknown with { Definition = Gguf.ToDefinition(header, argument) }
                : File.Exists(config) ? unknown with { Definition = ReadConfig(config), IsConfig = true }
                : unknown;
        }
        catch (Exception error) when (Line(error, isGguf ? argument : config) is { } line)
        {
            return unknown with { Problem = line };
        }
    }

    private static ModelDefinition ReadConfig(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return HuggingFaceConfig.Read(stream, path);
    }

    // What is wrong with a file, which is named once; null where it is not the file that is wrong.
    private static string? Line(Exception error, string file) => error switch
    {
        DefinitionException { File: { } named } problem when named == Path.GetFileName(file) => problem.In(file).Message,
        DefinitionException problem when problem.File == file => problem.Message,
        DefinitionException or IOException or UnauthorizedAccessException => $"{file}: {error.Message}",
        _ => null,
    };

    private static string NotFound(string argument)
    {
        IReadOnlyList<string> nearest = ModelCatalog.Entries.Nearest(argument);
        return $"\"{argument}\" is neither a model of the catalog nor a file."
            + (nearest.Count == 0 ? " See: llmmath models" : Suggestion.Of(nearest));
    }
}
