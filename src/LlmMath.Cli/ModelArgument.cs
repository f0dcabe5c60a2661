using LlmMath.Cli.Remote;
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

    /// <summary>The weights' format that its name says; null where it says none.</summary>
    public WeightFormat? Weights { get; private init; }

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
        ModelCatalog.Entries.TryFind(argument, out ModelDefinition? entry) ? new(entry.Name, entry, null)
        : HubAddress.IsRemote(argument) ? ResolveRemote(argument, wantsHeader: false)
        : !File.Exists(argument) && !Directory.Exists(argument)
            && ModelCatalog.TryFind(argument, out entry, out WeightFormat? weights)
            ? new(entry.Name, entry, null) { Weights = weights }
        : ResolveFile(argument);

    /// <summary>Reads a file of another machine, in parts.</summary>
    /// <param name="argument">Its address.</param>
    /// <param name="wantsHeader">Whether of a repository the checkpoint is read, not its config.json alone.</param>
    /// <exception cref="CliException">It cannot be had or read.</exception>
    public static ModelArgument ResolveRemote(string argument, bool wantsHeader)
    {
        using var files = new RemoteFiles(RemoteLimits.Usual, Environment.GetEnvironmentVariable("HF_TOKEN"));
        return ResolveRemote(argument, HubAddress.Of(argument), wantsHeader, files);
    }

    /// <summary>Reads a file of another machine, in parts.</summary>
    /// <param name="argument">How it was given.</param>
    /// <param name="address">The file, or the folder where it ends in a slash.</param>
    /// <param name="wantsHeader">Whether of a folder the checkpoint is read, not its config.json alone.</param>
    /// <param name="files">Reads it.</param>
    /// <exception cref="CliException">It cannot be had or read.</exception>
    internal static ModelArgument ResolveRemote(string argument, Uri address, bool wantsHeader, RemoteFiles files)
    {
        try
        {
            return Of(argument, ModelFile.Open(wantsHeader ? Checkpoint(address, files) : address, files.Open));
        }
        catch (Exception problem) when (problem is DefinitionException or IOException)
        {
            throw new CliException(problem.Message, problem);
        }
    }

    // Of a folder the file that holds or lists its tensors, where there is one of the usual name.
    private static Uri Checkpoint(Uri address, RemoteFiles files)
    {
        string[] names = address.AbsolutePath.EndsWith('/') ? ["model.safetensors.index.json", "model.safetensors"] : [];
        foreach (Uri file in names.Select(name => new Uri(address, name)))
        {
            using Stream? stream = files.Open(file);
            if (stream is not null)
            {
                return file;
            }
        }

        return address;
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="CliException">There is none, or it cannot be read.</exception>
    public static ModelArgument ResolveFile(string path)
    {
        try
        {
            return Of(path, ModelFile.Open(path));
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

    private static ModelArgument Of(string name, ModelFile file) => new(name, file.Definition, file.Header)
    {
        IsConfig = file.IsConfig,
        Problem = file.Problem is { } problem && !problem.StartsWith(name, StringComparison.Ordinal)
            ? $"{name}: {problem}" : file.Problem,
    };
}
