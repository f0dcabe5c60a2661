using LlmMath.Interchange.Json;

namespace LlmMath.Interchange;

using LlmMath.Interchange;

/// <summary>Reads a model's own config.json, as downloaded with its checkpoint.</summary>
public static class HuggingFaceConfig
{
    /// <summary>Reads a config.json.</summary>
    /// <param name="stream">The file's bytes, UTF-8; read to the end, at most 16 MiB. It is left open.</param>
    /// <param name="name">How errors and results name the model: the file's name, for one.</param>
    /// <exception cref="DefinitionException">The text is no JSON object, a field is missing, has a wrong type or is out of range,
    /// or the family is unknown.</exception>
    public static ModelDefinition Read(Stream stream, string name = "config.json")
    {
        ArgumentNullException.ThrowIfNull(stream);
        try
        {
            ModelConfig config = JsonText.ReadObject(BoundedRead(stream, JsonText.MaxBytes));
            string id = config["_name_or_path"]?.Text is { Length: > 0 } path ? path : name;
            var definition = new ModelDefinition(name, id, config);
            _ = definition.Architecture;
            return definition;
        }
        catch (JsonTextException error)
        {
            throw error.ToDefinitionException().In(name);
        }
    }

    internal static byte[] BoundedRead(Stream stream, int limit)
    {
        // One byte more than is allowed tells a text that is too large from one that just fits.
        using var bytes = new MemoryStream();
        byte[] buffer = new byte[81920];
        int read;
        while (bytes.Length <= limit && (read = stream.Read(buffer, 0, buffer.Length)) > 0)
        {
            bytes.Write(buffer, 0, read);
        }

        return bytes.ToArray();
    }
}
