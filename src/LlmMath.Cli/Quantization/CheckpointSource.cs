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

    public string Description
    {
        get
        {
            string what = Tensors.Count == 1 ? Tensors[0].Name : $"{Tensors.Count} tensors";
            string types = string.Join(", ", _stored.Values.Select(tensor => tensor.Type).Distinct());
            return $"{Path.GetFileName(_path)}: {what}, {Output.Tables.N(Tensors.Sum(tensor => tensor.Elements))} weights of {types}";
        }
    }

    public IReadOnlyList<SourceTensor> Tensors { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="names">Names of tensors; none for all weights of two dimensions or more whose number format is known.</param>
    /// <exception cref="CliException">The file cannot be read, or has no such tensor.</exception>
    public static CheckpointSource Open(string path, string[] names)
    {
        try
        {
            CheckpointHeader header = CheckpointFile.TryReadHeader(path)
                ?? throw new CliException($"{path}: is neither a GGUF nor a safetensors file.");
            if (header.DataStart is null)
            {
                throw new CliException($"{path}: is an index; give one of the files it lists.");
            }

            return new CheckpointSource(path, header, Choose(path, header, names));
        }
        catch (Exception error) when (error is DefinitionException or IOException or UnauthorizedAccessException)
        {
            throw new CliException($"{path}: {error.Message}", error);
        }
    }

    public void Read(SourceTensor tensor, long start, Span<float> values)
    {
        try
        {
            TensorValues.Read(_header, _stream, _stored[tensor.Name], start, values);
        }
        catch (Exception error) when (error is DefinitionException or ArgumentException or IOException)
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

        return [.. names.Distinct().Select(name => header.Tensors.FirstOrDefault(tensor => tensor.Name == name) switch
        {
            null => throw new CliException($"--tensor: {path} has no \"{name}\". See: llmmath inspect {path}"),
            { } tensor when !TensorValues.CanRead(tensor) =>
                throw new CliException($"--tensor: {name} is of {tensor.Type}, whose values cannot be read."),
            { } tensor => tensor,
        })];
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
