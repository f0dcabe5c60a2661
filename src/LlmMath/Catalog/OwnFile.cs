using LlmMath.Interchange;
using LlmMath.Interchange.Json;

namespace LlmMath;

/// <summary>Reads definitions of one's own at run time, by the reader that the generator uses.</summary>
internal static class OwnFile
{
    /// <summary>A reader of a definition.</summary>
    /// <typeparam name="T">What it defines.</typeparam>
    /// <param name="utf8">The file's bytes.</param>
    /// <param name="name">The entry's name.</param>
    public delegate T Reader<T>(ReadOnlySpan<byte> utf8, string name);

    /// <summary>The entry of a name, or what a file of that path defines.</summary>
    /// <param name="catalog">Where names are looked for first.</param>
    /// <param name="pathOrName">A name, or a path.</param>
    /// <param name="kind">How a file of this kind is called: <c>.gpu.json</c>.</param>
    /// <param name="read">The reader.</param>
    /// <exception cref="UnknownNameException">It is neither.</exception>
    /// <exception cref="DefinitionException">The file is malformed, or a field is missing, unknown or wrong.</exception>
    public static T Load<T>(Catalog<T> catalog, string pathOrName, string kind, Reader<T> read)
    {
        if (catalog.TryFind(pathOrName, out T? entry))
        {
            return entry;
        }

        if (!File.Exists(pathOrName))
        {
            throw new UnknownNameException(pathOrName, "is not in the catalog", "Entries", [.. catalog.Names]);
        }

        using FileStream stream = File.OpenRead(pathOrName);
        return Read(stream, NameOf(pathOrName, kind), pathOrName, read);
    }

    /// <summary>What a stream defines.</summary>
    /// <param name="stream">The bytes, UTF-8.</param>
    /// <param name="name">The entry's name.</param>
    /// <param name="file">How errors name the file.</param>
    /// <param name="read">The reader.</param>
    /// <exception cref="DefinitionException">The text is malformed, or a field is missing, unknown or wrong.</exception>
    public static T Read<T>(Stream stream, string name, string file, Reader<T> read)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);
        try
        {
            return read(HuggingFaceConfig.BoundedRead(stream, JsonText.MaxBytes), name);
        }
        catch (DefinitionException error) when (error.File != file)
        {
            throw error.In(file);
        }
    }

    /// <summary>The model of a config.json, or of a definition that has one under <c>config</c> with what was published of
    /// it.</summary>
    /// <param name="stream">The bytes, UTF-8.</param>
    /// <param name="path">The path that was given: how errors and results name the model.</param>
    /// <param name="file">The file that it leads to.</param>
    /// <exception cref="DefinitionException">The text is malformed, a field is wrong, or a count contradicts the
    /// config.</exception>
    public static ModelDefinition Model(Stream stream, string path, string file)
    {
        byte[] utf8 = HuggingFaceConfig.BoundedRead(stream, JsonText.MaxBytes);
        return IsDefinition(utf8)
            ? Read(new MemoryStream(utf8), NameOf(file, ".model.json"), path, ModelJson.Read)
            : QuantizationFile.Beside(HuggingFaceConfig.Read(new MemoryStream(utf8), path), file);
    }

    private static bool IsDefinition(byte[] utf8)
    {
        try
        {
            ModelConfig root = JsonText.ReadObject(utf8);
            return root["config"] is not null && root["model_type"] is null;
        }
        catch (JsonTextException)
        {
            // The reader of configs says what is wrong.
            return false;
        }
    }

    private static string NameOf(string path, string kind)
    {
        string file = Path.GetFileName(path);
        return file.EndsWith(kind, StringComparison.OrdinalIgnoreCase) ? file[..^kind.Length]
            : Path.GetFileNameWithoutExtension(file);
    }
}
