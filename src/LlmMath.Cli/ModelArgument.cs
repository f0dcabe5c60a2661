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

    /// <summary>The definition, for a question that needs one.</summary>
    /// <exception cref="CliException">There is none.</exception>
    public ModelDefinition Required => Definition ?? throw new CliException(Problem
        ?? $"{Name}: the checkpoint has no config.json beside it, so its architecture is not known. "
        + "Give its config.json or a catalog entry.");

    /// <summary>Finds a model.</summary>
    /// <exception cref="CliException">There is no such entry or file, or the file cannot be read.</exception>
    public static ModelArgument Resolve(string argument) =>
        ModelCatalog.TryFind(argument, out ModelDefinition? entry) ? new(entry.Name, entry, null) : ResolveFile(argument);

    /// <summary>Reads a file.</summary>
    /// <exception cref="CliException">There is none, or it cannot be read.</exception>
    public static ModelArgument ResolveFile(string path)
    {
        try
        {
            var file = ModelFile.Open(path);
            return new(file.Name, file.Definition, file.Header)
            {
                IsConfig = file.IsConfig,
                Problem = file.Problem is { } problem && !problem.StartsWith(path, StringComparison.Ordinal)
                    ? $"{path}: {problem}" : file.Problem,
            };
        }
        catch (UnknownNameException unknown)
        {
            throw new CliException(unknown.Message + (unknown.Nearest.Count > 0 ? "" : " See: llmmath models"), unknown);
        }
        catch (DefinitionException problem) when (problem.File == path)
        {
            throw new CliException(problem.Message, problem);
        }
        catch (Exception problem) when (problem is DefinitionException or IOException or UnauthorizedAccessException)
        {
            throw new CliException($"{path}: {problem.Message}", problem);
        }
    }
}
