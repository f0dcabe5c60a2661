namespace LlmMath.Interchange;

/// <summary>Reads the headers of GGUF files (llama.cpp); the weights are not touched.</summary>
public static class Gguf
{
    /// <summary>Reads the header of one file: version 2 or 3, either byte order.</summary>
    /// <param name="stream">The file's bytes, from the start; it is left open, behind the header.</param>
    /// <param name="name">How errors name the file.</param>
    /// <exception cref="DefinitionException">The header is malformed, cut short, too large, or its tensors contradict one
    /// another.</exception>
    public static CheckpointHeader ReadHeader(Stream stream, string name = "gguf")
    {
        ArgumentNullException.ThrowIfNull(stream);
        try
        {
            return GgufReader.Read(stream);
        }
        catch (DefinitionException error)
        {
            throw error.In(name);
        }
        catch (Exception error) when (error is OverflowException or EstimateException { IsTooLarge: true })
        {
            throw new DefinitionException(DefinitionFault.TooLarge, "data", "its tensors take more than 2^63 - 1 bytes.", error)
                .In(name);
        }
    }

    /// <summary>Reads a checkpoint by its path: one file, or the first of several, whose names end in
    /// <c>-00001-of-00005.gguf</c>; then the tensors are those of all of them, the metadata the first one's.</summary>
    /// <param name="path">The file's path.</param>
    /// <exception cref="DefinitionException">As <see cref="ReadHeader(Stream, string)"/>, or the files do not belong
    /// together.</exception>
    /// <exception cref="IOException">The file, or another of the set, cannot be opened.</exception>
    public static CheckpointHeader ReadHeader(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? ".";
        return ReadHeader(Path.GetFileName(path), file => File.OpenRead(Path.Combine(folder, file)));
    }

    /// <summary>Reads a checkpoint by its file name: one file, or all of a set by the name of any of them
    /// (<c>name-00001-of-00005.gguf</c>).</summary>
    /// <param name="name">The file's name.</param>
    /// <param name="open">Opens a file of the set by its name; the stream is closed after its header.</param>
    /// <exception cref="DefinitionException">As <see cref="ReadHeader(Stream, string)"/>, or the files do not belong
    /// together.</exception>
    public static CheckpointHeader ReadHeader(string name, Func<string, Stream> open)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(open);
        return GgufShards.Read(name, open);
    }

    /// <summary>The definition of the model that a header describes: its architecture's keys, and the presence and shapes of its
    /// tensors, as the fields of config.json. It counts what the tensors hold, but for tables of rotary frequencies, blocks for
    /// multi-token prediction and a copy of a tied head.</summary>
    /// <param name="header">The header of a whole checkpoint.</param>
    /// <param name="name">How errors and the result name the model: the file's name, for one.</param>
    /// <exception cref="DefinitionException">The header's architecture is not known, a key is missing or out of range, or the
    /// header is of one file of several.</exception>
    public static ModelDefinition ToDefinition(CheckpointHeader header, string name)
    {
        ArgumentNullException.ThrowIfNull(header);
        ArgumentNullException.ThrowIfNull(name);
        return header.Format == "gguf"
            ? GgufDefinition.Of(header, name)
            : throw new ArgumentException($"The header must be of a GGUF file; it is of {header.Format}.", nameof(header));
    }
}
