using System.Buffers.Binary;
using System.Globalization;

namespace LlmMath.Interchange;

/// <summary>Reads a header from a stream: an end that comes too early is an error with a name, memory grows with the bytes that
/// are really there, never with a length that the file claims, and a header longer than any real one is refused: a file full of
/// zeros costs nobody anything to make.</summary>
/// <param name="stream">The file.</param>
/// <param name="format">Its format, for errors.</param>
/// <param name="limit">Bytes that a header may have.</param>
internal sealed class BoundedReader(Stream stream, string format, long limit)
{
    private const int ChunkSize = 1 << 20;
    private readonly byte[] _number = new byte[8];
    private readonly long _start = stream.CanSeek ? stream.Position : 0;

    /// <summary>Bytes read so far.</summary>
    public long Position { get; private set; }

    /// <summary>Whether numbers are big-endian.</summary>
    public bool IsBigEndian { get; set; }

    /// <summary>Bytes left in the stream, or the largest number where the stream does not know.</summary>
    public long Remaining => stream.CanSeek ? stream.Length - _start - Position : long.MaxValue;

    /// <summary>Bytes left for the header: those of the stream, or of the limit.</summary>
    public long Readable => Math.Min(Remaining, limit - Position);

    public byte UInt8(string what) => Number(1, what)[0];

    public ushort UInt16(string what)
    {
        ReadOnlySpan<byte> bytes = Number(2, what);
        return IsBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);
    }

    public uint UInt32(string what)
    {
        ReadOnlySpan<byte> bytes = Number(4, what);
        return IsBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    public ulong UInt64(string what)
    {
        ReadOnlySpan<byte> bytes = Number(8, what);
        return IsBigEndian ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <summary>Bytes of a length that the file claims; refused at once where the stream is shorter, else read piece by
    /// piece.</summary>
    public byte[] Bytes(ulong length, string what)
    {
        CheckLength(length, what);
        if (length <= ChunkSize)
        {
            byte[] bytes = new byte[length];
            Fill(bytes, what);
            return bytes;
        }

        using var all = new MemoryStream();
        byte[] chunk = new byte[ChunkSize];
        for (ulong left = length; left > 0;)
        {
            Span<byte> part = chunk.AsSpan(0, (int)Math.Min(left, ChunkSize));
            Fill(part, what);
            all.Write(part);
            left -= (ulong)part.Length;
        }

        return all.ToArray();
    }

    /// <summary>Passes over bytes without keeping them.</summary>
    public void Skip(ulong length, string what)
    {
        CheckLength(length, what);
        if (stream.CanSeek)
        {
            stream.Seek((long)length, SeekOrigin.Current);
            Position += (long)length;
            return;
        }

        byte[] chunk = new byte[(int)Math.Min(length, ChunkSize)];
        for (ulong left = length; left > 0;)
        {
            Span<byte> part = chunk.AsSpan(0, (int)Math.Min(left, (ulong)chunk.Length));
            Fill(part, what);
            left -= (ulong)part.Length;
        }
    }

    private void CheckLength(ulong length, string what)
    {
        if (length > (ulong)Remaining)
        {
            throw new DefinitionException(DefinitionFault.Malformed, what,
                string.Create(CultureInfo.InvariantCulture,
                    $"claims {length:N0} bytes, but only {Remaining:N0} are left: the file is cut short."));
        }

        if (length > (ulong)Readable)
        {
            throw TooLong(what);
        }
    }

    private DefinitionException TooLong(string what) =>
        new(DefinitionFault.TooLarge, what, string.Create(CultureInfo.InvariantCulture,
            $"makes the {format} header longer than {limit:N0} bytes, which no real one is."));

    private ReadOnlySpan<byte> Number(int size, string what)
    {
        Span<byte> bytes = _number.AsSpan(0, size);
        Fill(bytes, what);
        return bytes;
    }

    private void Fill(Span<byte> bytes, string what)
    {
        if (bytes.Length > limit - Position)
        {
            throw TooLong(what);
        }

        int read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        Position += read;
        if (read < bytes.Length)
        {
            throw new DefinitionException(
                DefinitionFault.Malformed, what, string.Create(CultureInfo.InvariantCulture,
                    $"ends after {Position:N0} bytes: the {format} header is cut short."));
        }
    }
}
