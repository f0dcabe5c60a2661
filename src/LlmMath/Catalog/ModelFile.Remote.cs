using LlmMath.Interchange;

namespace LlmMath;

public sealed partial class ModelFile
{
    /// <summary>What a file at an address tells, as for one on disk: its name says what it is. The library asks no network:
    /// <paramref name="open"/> does, where the caller wants that.</summary>
    /// <param name="address">Of a <c>config.json</c>, a <c>.gguf</c>, a <c>.safetensors</c> file or its index
    /// (<c>.index.json</c>); or of a folder that holds a config.json, with a slash at its end.</param>
    /// <param name="open">Opens the file of an address, or one beside it; null where there is none. Of checkpoints the header
    /// alone is read: a stream that can seek need not have fetched more. Streams are disposed of.</param>
    /// <exception cref="DefinitionException">A file cannot be read, or does not tell its model.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static ModelFile Open(Uri address, Func<Uri, Stream?> open)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(open);
        string path = address.AbsoluteUri;
        bool isFolder = address.AbsolutePath.EndsWith('/');
        Uri file = isFolder ? new Uri(address, "config.json") : address;
        string name = Uri.UnescapeDataString(file.Segments[^1]);
        Stream? Beside(string other) => open(other == name ? file : new Uri(file, Uri.EscapeDataString(other)));
        Stream Required(string other) => Beside(other) ?? throw (isFolder
            ? new DefinitionException(DefinitionFault.MissingField, "",
                "has no config.json; give the address of a file, of a .gguf for one.").In(path)
            : new FileNotFoundException($"{new Uri(file, Uri.EscapeDataString(other))} is not there.", other));
        try
        {
            if (ReadHeader(name, Required) is { } header)
            {
                return OfCheckpoint(header, path, new Uri(file, "config.json").AbsoluteUri, () => Beside("config.json"));
            }

            using Stream config = Required(name);
            return new(path, OwnFile.Model(config, path, name), null, null) { IsConfig = true };
        }
        catch (DefinitionException error) when (error.File == name)
        {
            throw error.In(path);
        }
    }

    private static CheckpointHeader? ReadHeader(string name, Func<string, Stream> open)
    {
        if (name.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase))
        {
            return Gguf.ReadHeader(name, open);
        }

        bool isIndex = name.EndsWith(".index.json", StringComparison.OrdinalIgnoreCase);
        if (!isIndex && !name.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        using Stream stream = open(name);
        return isIndex ? Safetensors.ReadIndex(stream, open, name) : Safetensors.ReadHeader(stream, name);
    }
}
