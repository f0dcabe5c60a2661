using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using LlmMath.Interchange;

namespace LlmMath;

/// <summary>A model from a file: a config.json, a definition of one's own, a GGUF or safetensors checkpoint or its index, or a
/// folder that holds one of them. Of a checkpoint the header alone is read.</summary>
[DebuggerDisplay("{Name,nq}")]
public sealed partial class ModelFile
{
    private readonly Exception? _error;

    private ModelFile(string name, ModelDefinition? definition, CheckpointHeader? header, Exception? error) =>
        (Name, Definition, Header, _error) = (name, definition, header, error);

    /// <summary>The path, as it was given.</summary>
    public string Name { get; }

    /// <summary>The model; null where neither the checkpoint nor a config.json beside it tells.</summary>
    public ModelDefinition? Definition { get; }

    /// <summary>The checkpoint's header; null for a config.json and for a definition.</summary>
    public CheckpointHeader? Header { get; }

    /// <summary>Why a checkpoint has no <see cref="Definition"/>, where what should give one cannot be read; null where nothing
    /// is wrong.</summary>
    public string? Problem => _error?.Message;

    /// <summary>Whether the definition was read from a config.json, which may leave fields out.</summary>
    public bool IsConfig { get; private init; }

    private static string NoConfig => "the checkpoint has no config.json beside it, so its architecture is not known. "
        + "Give its config.json or a catalog entry.";

    /// <summary>The model of a path, or of a name of the catalog, which comes first where both are there.</summary>
    /// <param name="pathOrName">A folder, a <c>config.json</c>, a <c>*.model.json</c>, a <c>.gguf</c>, a <c>.safetensors</c> file
    /// or its index; or <c>opt-350m</c>.</param>
    /// <exception cref="UnknownNameException">It is neither a file nor an entry; the error lists the nearest.</exception>
    /// <exception cref="DefinitionException">The file cannot be read, or does not tell its model: names the file, the field and
    /// what would be right.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be opened.</exception>
    public static ModelDefinition Load(string pathOrName)
    {
        // What is spelt as an entry comes first; what is only like one does not hide a file.
        if (ModelCatalog.Entries.TryFind(pathOrName, out ModelDefinition? entry)
            || (!Exists(pathOrName) && ModelCatalog.TryFind(pathOrName, out entry)))
        {
            return entry;
        }

        ModelFile file = Open(pathOrName);
        return file.Definition ?? throw file._error
            ?? new DefinitionException(DefinitionFault.MissingField, "", NoConfig).In(pathOrName);
    }

    /// <summary>The model of a path, or of a name of the catalog, if there is one.</summary>
    /// <param name="pathOrName">As for <see cref="Load"/>.</param>
    /// <param name="model">The model.</param>
    /// <param name="problem">Why there is none: the message that <see cref="Load"/> throws.</param>
    /// <returns>Whether there is one.</returns>
    public static bool TryLoad(string pathOrName, [NotNullWhen(true)] out ModelDefinition? model,
        [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(pathOrName);
        try
        {
            (model, problem) = (Load(pathOrName), null);
            return true;
        }
        catch (Exception error) when (error is UnknownNameException or DefinitionException or IOException
            or UnauthorizedAccessException)
        {
            (model, problem) = (null, error.Message);
            return false;
        }
    }

    /// <summary>What a file tells: its model, and the header where it is a checkpoint. Names of the catalog are not looked
    /// for.</summary>
    /// <param name="path">A file or folder, as for <see cref="Load"/>.</param>
    /// <exception cref="UnknownNameException">There is no such file; the error lists the catalog's nearest.</exception>
    /// <exception cref="DefinitionException">The file cannot be read: names the file, the field and what would be
    /// right.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be opened.</exception>
    public static ModelFile Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        string file = Directory.Exists(path) ? CheckpointFile.InFolder(path) : path;
        if (!File.Exists(file))
        {
            throw new UnknownNameException(path, "is neither a model of the catalog nor a file",
                ModelName.Nearest(ModelCatalog.Entries, path));
        }

        try
        {
            using FileStream stream = File.OpenRead(file);
            Stream config = stream.CanSeek ? stream : CheckpointFile.RequireConfig(stream);
            return stream.CanSeek && CheckpointFile.TryReadHeader(file) is { } header
                ? OfCheckpoint(header, file, path)
                : new(path, OwnFile.Model(config, path, file), null, null) { IsConfig = true };
        }
        catch (DefinitionException error) when (error.File == Path.GetFileName(file))
        {
            throw error.In(path);
        }
    }

    /// <summary>The header of a checkpoint; null where the file is none: told by its name, or by what it begins with.</summary>
    /// <param name="path">A GGUF or safetensors file, or a safetensors index.</param>
    /// <exception cref="DefinitionException">The header is malformed, cut short or too large.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be opened.</exception>
    public static CheckpointHeader? ReadHeader(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return CheckpointFile.TryReadHeader(path);
    }

    private static bool Exists(string path) => File.Exists(path) || Directory.Exists(path);

    private static ModelFile OfCheckpoint(CheckpointHeader header, string file, string path)
    {
        string config = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file)) ?? ".", "config.json");
        return OfCheckpoint(header, path, config, () => File.Exists(config) ? File.OpenRead(config) : null);
    }

    private static ModelFile OfCheckpoint(CheckpointHeader header, string path, string config, Func<Stream?> open)
    {
        try
        {
            if (header.Format == "gguf")
            {
                return new(path, Gguf.ToDefinition(header, path), header, null);
            }

            using Stream? stream = open();
            return stream is null ? new(path, null, header, null)
                : new(path, HuggingFaceConfig.Read(stream, config), header, null) { IsConfig = true };
        }
        catch (Exception error) when (error is DefinitionException or IOException or UnauthorizedAccessException)
        {
            return new(path, null, header, error);
        }
    }
}
