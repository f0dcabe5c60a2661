using System.IO.Enumeration;
using LlmMath.Interchange;

namespace LlmMath.Cli;

/// <summary>Tensors of a checkpoint's file.</summary>
internal sealed class CheckpointSource : IValueSource
{
    private readonly CheckpointHeader _header;
    private readonly FileStream _stream;
    private readonly Dictionary<string, StoredTensor> _stored;
    private readonly string _path;

    private CheckpointSource(string path, CheckpointHeader header, List<StoredTensor> tensors)
    {
        (_path, _header) = (path, header);
        _stored = tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        Tensors = [.. tensors.Select(tensor => AsRows(path, tensor))];
        _stream = File.OpenRead(path);
    }

    public string Name => _path;

    public string Description
    {
        get
        {
            string what = Tensors.Count == 1 ? Tensors[0].Name : $"{Tensors.Count} tensors";
            string types = string.Join(", ", _stored.Values.Select(tensor => tensor.Type).Distinct());
            return $"{Path.GetFileName(_path)}: {what}, "
                + $"{Output.Tables.N(Tensors.Sum(tensor => tensor.Elements))} weights of {types}";
        }
    }

    public IReadOnlyList<SourceTensor> Tensors { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="names">Names of tensors, or patterns in which * stands for any characters and ? for one; none for all weights
    /// of two dimensions or more whose number format is known.</param>
    /// <exception cref="CliException">The file cannot be read, or has no such tensor.</exception>
    public static CheckpointSource Open(string path, string[] names)
    {
        if (Directory.Exists(path))
        {
            throw new CliException($"{path}: is a folder; give a GGUF or safetensors file.");
        }

        if (!File.Exists(path))
        {
            throw new CliException($"\"{path}\" is not a file.");
        }

        try
        {
            RequireFile(path);
            CheckpointHeader header = ModelFile.ReadHeader(path)
                ?? throw new CliException($"{path}: is neither a GGUF nor a safetensors file.");
            if (header.DataStart is null)
            {
                throw new CliException($"{path}: is an index; give one of the files it lists.");
            }

            return new CheckpointSource(path, header, Choose(path, header, names));
        }
        catch (DefinitionException error)
        {
            throw new CliException(error.In(path).Message, error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"{path}: {error.Message}", error);
        }
    }

    // What cannot be read twice, nor from its middle.
    private static void RequireFile(string path)
    {
        using FileStream stream = File.OpenRead(path);
        if (!stream.CanSeek)
        {
            throw new CliException($"{path}: a checkpoint cannot be read from a pipe; give the file's path.");
        }
    }

    public void Read(SourceTensor tensor, long start, Span<float> values)
    {
        try
        {
            TensorValues.Read(_header, _stream, _stored[tensor.Name], start, values);
        }
        catch (DefinitionException error)
        {
            throw new CliException(error.In(_path).Message, error);
        }
        catch (Exception error) when (error is ArgumentException or IOException)
        {
            throw new CliException($"{_path}: {error.Message}", error);
        }
    }

    public void Dispose() => _stream.Dispose();

    private static List<StoredTensor> Choose(string path, CheckpointHeader header, string[] names)
    {
        if (names.Length == 0)
        {
            List<StoredTensor> all = [.. header.Tensors.Where(tensor => tensor.Shape.Count >= 2 && TensorValues.CanRead(tensor))];
            return all.Count > 0
                ? all
                : throw new CliException($"{path}: has no tensor of two dimensions or more in a number format that can be read.");
        }

        return [.. names.SelectMany(name => Named(path, header, name)).DistinctBy(tensor => tensor.Name)];
    }

    // The tensor of that name, or else those that the pattern matches and whose values can be read.
    private static StoredTensor[] Named(string path, CheckpointHeader header, string name)
    {
        StoredTensor[] found = header.Tensors.Where(tensor => tensor.Name == name).ToArray();
        if (found.Length == 0)
        {
            found = [.. header.Tensors.Where(
                tensor => FileSystemName.MatchesSimpleExpression(name, tensor.Name, ignoreCase: false))];
        }

        StoredTensor[] readable = [.. found.Where(TensorValues.CanRead)];
        return readable.Length > 0 ? readable
            : found.Length > 0
                ? throw new CliException($"--tensor: {found[0].Name} is of {found[0].Type}, whose values cannot be read.")
            : throw new CliException($"--tensor: {path} has no \"{name}\". See: llmmath inspect {path}");
    }

    private static SourceTensor AsRows(string path, StoredTensor tensor)
    {
        long row = tensor.Shape.Count == 0 ? 1 : tensor.Shape[^1];
        return row <= Array.MaxLength
            ? new SourceTensor(tensor.Name, tensor.Elements / row, (int)row)
            : throw new CliException(
                $"{path}: {tensor.Name} has rows of {row:N0} elements; at most {Array.MaxLength:N0} are read.");
    }
}
