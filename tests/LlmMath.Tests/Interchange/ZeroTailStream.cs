namespace LlmMath.Tests.Interchange;

/// <summary>A file that costs nothing to make: its first bytes, then zeros up to any length.</summary>
internal sealed class ZeroTailStream(byte[] start, long length) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get; set; }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int read = (int)Math.Clamp(length - Position, 0, buffer.Length);
        Span<byte> part = buffer[..read];
        part.Clear();
        if (Position < start.Length)
        {
            start.AsSpan((int)Position, (int)Math.Min(read, start.Length - Position)).CopyTo(part);
        }

        Position += read;
        return read;
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
