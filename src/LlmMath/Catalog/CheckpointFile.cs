using LlmMath.Interchange;

namespace LlmMath;

/// <summary>Tells checkpoints from configs by what they are, not only by how they are called.</summary>
internal static class CheckpointFile
{
    // More than the reader of configs takes, so that it is the one to refuse what is longer; and the bytes before the JSON of a
    // safetensors header, its length.
    private const int MostConfigBytes = 16 << 20, HeaderStart = 8;

    private static ReadOnlySpan<byte> GgufMagic => "GGUF"u8;

    /// <summary>The header of a GGUF file, a safetensors file or a safetensors index; null where the file is none of
    /// them.</summary>
    public static CheckpointHeader? TryReadHeader(string path)
    {
        if (path.EndsWith(".index.json", StringComparison.OrdinalIgnoreCase)
            || path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase))
        {
            return Safetensors.ReadHeader(path);
        }

        return IsGguf(path) ? Gguf.ReadHeader(path) : null;
    }

    /// <summary>The file of a folder that tells its model: config.json, or else the only GGUF checkpoint.</summary>
    /// <exception cref="DefinitionException">There is none, or there are several.</exception>
    public static string InFolder(string folder)
    {
        string config = Path.Combine(folder, "config.json");
        if (File.Exists(config))
        {
            return config;
        }

        // Of a checkpoint in several files the first stands for all.
        string[] files = [.. Directory.EnumerateFiles(folder, "*.gguf").Order(StringComparer.Ordinal)];
        string[] whole = [.. files.Where(file => Path.GetFileName(file) is var name
            && (!name.Contains("-of-", StringComparison.Ordinal) || name.Contains("-00001-of-", StringComparison.Ordinal)))];
        return whole.Length == 1 ? whole[0] : throw new DefinitionException(DefinitionFault.MissingField, "",
            whole.Length == 0 ? "the folder has neither a config.json nor a GGUF file; give the file's path."
                : $"the folder has no config.json and {whole.Length} GGUF checkpoints; give the path of one, "
                    + $"{Path.GetFileName(whole[0])} for one.").In(folder);
    }

    /// <summary>What a pipe gives, which can be read but once: a config.json, for a checkpoint's size is known of a file
    /// alone.</summary>
    /// <exception cref="DefinitionException">It is a checkpoint.</exception>
    public static MemoryStream RequireConfig(FileStream pipe)
    {
        byte[] buffer = new byte[MostConfigBytes + 1];
        int count = pipe.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        ReadOnlySpan<byte> bytes = buffer.AsSpan(0, count);
        bool isCheckpoint = bytes.StartsWith(GgufMagic)
            || (count > HeaderStart && bytes[HeaderStart] == '{' && bytes[HeaderStart - 1] == 0);
        return isCheckpoint
            ? throw new DefinitionException(DefinitionFault.Malformed, "",
                "a checkpoint cannot be read from a pipe; give the file's path.").In(pipe.Name)
            : new MemoryStream(buffer, 0, count);
    }

    private static bool IsGguf(string path)
    {
        if (path.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        using FileStream stream = File.OpenRead(path);
        Span<byte> magic = stackalloc byte[GgufMagic.Length];
        int read = stream.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        return read == magic.Length && magic.SequenceEqual(GgufMagic);
    }
}
