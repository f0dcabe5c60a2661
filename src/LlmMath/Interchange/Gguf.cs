using LlmMath.Interchange;

namespace LlmMath;

/// <summary>Reads the headers of GGUF files (llama.cpp); the weights are not touched.</summary>
public static class Gguf
{
    /// <summary>Reads the header of one file: version 2 or 3, either byte order.</summary>
    /// <param name="stream">The file's bytes, from the start; it is left open, behind the header.</param>
    /// <param name="name">How errors name the file.</param>
    /// <exception cref="DefinitionException">The header is malformed, cut short, too large, or its tensors contradict one another.</exception>
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
        catch (OverflowException error)
        {
            throw new DefinitionException(DefinitionFault.TooLarge, "data", "its tensors take more than 2^63 - 1 bytes.", error).In(name);
        }
    }

    /// <summary>temporary</summary>
    public static ModelDefinition ToDefinition(CheckpointHeader header, string name) => throw new NotSupportedException();
}
