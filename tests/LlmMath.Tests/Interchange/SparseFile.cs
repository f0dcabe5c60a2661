namespace LlmMath.Tests.Interchange;

/// <summary>A file of any length of which only the first bytes exist: reading further fails the test, seeking does not.</summary>
internal sealed class SparseFile(byte[] start, long length) : Stream
{
    /// <summary>Bytes that have been read.</summary>
    public long BytesRead { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get; set; }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        long left = Math.Min(buffer.Length, length - Position);
        if (left <= 0)
        {
            return 0;
        }

        if (Position + left > start.Length)
        {
            Assert.Fail($"Reads data: {left} bytes at {Position}, behind a header of {start.Length}.");
        }

        start.AsSpan((int)Position, (int)left).CopyTo(buffer);
        Position += left;
        BytesRead += left;
        return (int)left;
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
