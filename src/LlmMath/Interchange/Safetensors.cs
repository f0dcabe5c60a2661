using System.Buffers.Binary;
using System.Globalization;

namespace LlmMath.Interchange;

/// <summary>Reads the headers of safetensors checkpoints; the weights are not touched.</summary>
public static class Safetensors
{
    /// <summary>The largest header read, in bytes, as in the format's own reader.</summary>
    private const long MaxHeaderBytes = 100_000_000;

    private const string IndexSuffix = ".index.json";

    /// <summary>Reads the header of one file.</summary>
    /// <param name="stream">The file's bytes, from the start; it is left open, behind the header.</param>
    /// <param name="name">How errors name the file.</param>
    /// <exception cref="DefinitionException">The header is malformed, cut short, too large, or its tensors contradict one
    /// another.</exception>
    public static CheckpointHeader ReadHeader(Stream stream, string name = "safetensors")
    {
        ArgumentNullException.ThrowIfNull(stream);
        try
        {
            var reader = new BoundedReader(stream, "safetensors", sizeof(ulong) + MaxHeaderBytes);
            ulong length = reader.UInt64("header length");
            CheckpointHeader header = SafetensorsHeader.Read(reader.Bytes(length, "header"))
                with { DataStart = reader.Position };
            return header.Bytes <= reader.Remaining
                ? header
                : throw new DefinitionException(DefinitionFault.Malformed, "data",
                    string.Create(CultureInfo.InvariantCulture,
                        $"takes {header.Bytes:N0} bytes by the header, but the file has {reader.Remaining:N0}: "
                        + $"it is cut short."));
        }
        catch (DefinitionException error) when (error.File is null)
        {
            throw error.In(name);
        }
        catch (Exception error) when (error is OverflowException or EstimateException { IsTooLarge: true })
        {
            throw new DefinitionException(DefinitionFault.TooLarge, "header",
                "its tensors take more than 2^63 - 1 bytes.", error).In(name);
        }
    }

    /// <summary>Reads an index with the headers of all its shards.</summary>
    /// <param name="index">The text of <c>model.safetensors.index.json</c>; it is left open.</param>
    /// <param name="openShard">Opens a shard by its file name; the stream is closed after its header.</param>
    /// <param name="name">How errors name the index.</param>
    /// <exception cref="DefinitionException">The index or a shard is malformed, or they disagree on where a tensor
    /// lies.</exception>
    public static CheckpointHeader ReadIndex(Stream index, Func<string, Stream> openShard,
        string name = "model.safetensors.index.json")
    {
        ArgumentNullException.ThrowIfNull(index);
        ArgumentNullException.ThrowIfNull(openShard);
        return SafetensorsIndex.Read(index, openShard, name);
    }

    /// <summary>Reads a checkpoint by its path: a <c>.safetensors</c> file, or an index beside its shards.</summary>
    /// <param name="path">The file's path; an index ends in <c>.index.json</c>.</param>
    /// <exception cref="DefinitionException">As the other readers.</exception>
    /// <exception cref="IOException">The file, or a shard, cannot be opened.</exception>
    public static CheckpointHeader ReadHeader(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        using FileStream stream = File.OpenRead(path);
        string name = Path.GetFileName(path), folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? ".";
        return path.EndsWith(IndexSuffix, StringComparison.OrdinalIgnoreCase)
            ? ReadIndex(stream, shard => File.OpenRead(Path.Combine(folder, shard)), name)
            : ReadHeader(stream, name);
    }
}
