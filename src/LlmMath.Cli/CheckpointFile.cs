namespace LlmMath.Cli;

/// <summary>Tells checkpoints from configs by what they are, not only by how they are called.</summary>
internal static class CheckpointFile
{
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

    private static bool IsGguf(string path)
    {
        if (path.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        using FileStream stream = File.OpenRead(path);
        Span<byte> magic = stackalloc byte[4];
        return stream.ReadAtLeast(magic, 4, throwOnEndOfStream: false) == 4 && magic.SequenceEqual("GGUF"u8);
    }
}
