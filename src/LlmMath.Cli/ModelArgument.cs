namespace LlmMath.Cli;

/// <summary>What MODEL names: a catalog entry, or a file that describes or holds a model.</summary>
/// <param name="Name">How output names it.</param>
/// <param name="Definition">The model's definition; null for a checkpoint without a config.json beside it.</param>
/// <param name="Header">The checkpoint's header, where MODEL is one.</param>
internal sealed record ModelArgument(string Name, ModelDefinition? Definition, CheckpointHeader? Header)
{
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
    public ModelDefinition Required => Definition ?? throw new CliException(
        $"{Name}: the checkpoint has no config.json beside it, so its architecture is not known. "
        + "Give its config.json or a catalog entry.");

    private static ModelArgument Read(string argument, string path)
    {
        try
        {
            CheckpointHeader? header = CheckpointFile.TryReadHeader(path);
            return header is null
                ? new ModelArgument(argument, ReadConfig(path, argument), null)
                : new ModelArgument(argument, DefinitionOf(header, path, argument), header);
        }
        catch (DefinitionException error)
        {
            throw new CliException(error.File == argument ? error.Message : $"{argument}: {error.Message}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"{argument}: {error.Message}", error);
        }
    }

    private static ModelDefinition? DefinitionOf(CheckpointHeader header, string path, string argument)
    {
        if (header.Format == "gguf")
        {
            return Gguf.ToDefinition(header, argument);
        }

        string config = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path)) ?? ".", "config.json");
        return File.Exists(config) ? ReadConfig(config, config) : null;
    }

    private static ModelDefinition ReadConfig(string path, string name)
    {
        using FileStream stream = File.OpenRead(path);
        return HuggingFaceConfig.Read(stream, name);
    }

    private static string NotFound(string argument)
    {
        IReadOnlyList<string> nearest = ModelCatalog.Entries.Nearest(argument);
        return $"\"{argument}\" is neither a model of the catalog nor a file."
            + (nearest.Count == 0 ? " See: llmmath models" : $" Nearest: {string.Join(", ", nearest)}.");
    }
}
