namespace LlmMath.Cli.Remote;

/// <summary>A file on another machine, of which only what is read is asked for.</summary>
/// <param name="length">The file's bytes.</param>
/// <param name="first">Its first bytes, which came with its length.</param>
/// <param name="piece">Bytes asked for at once, at least; 0: as many as are read, and not one more.</param>
/// <param name="most">Bytes that may be read of it.</param>
/// <param name="fetch">Asks for bytes from a position on.</param>
/// <param name="tooMuch">What is thrown where more is read.</param>
internal sealed class RangeStream(long length, byte[] first, int piece, long most, Func<long, int, byte[]> fetch,
    Func<Exception> tooMuch) : Stream
{
    // Larger pieces for longer headers: a vocabulary has megabytes.
    private const int LargestPiece = 1 << 20;

    private byte[] _held = first;
    private long _heldStart, _position, _fetched = first.Length;
    private int _piece = piece;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => _position = value;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int wanted = (int)Math.Min(buffer.Length, Math.Max(0, length - _position));
        if (wanted == 0)
        {
            return 0;
        }

        if (_position < _heldStart || _position >= _heldStart + _held.Length)
        {
            Fetch(wanted);
        }

        int from = (int)(_position - _heldStart), count = Math.Min(wanted, _held.Length - from);
        _held.AsSpan(from, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    public override long Seek(long offset, SeekOrigin origin) => _position = offset + origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => _position,
        _ => length,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void Fetch(int wanted)
    {
        int count = (int)Math.Min(Math.Max(wanted, _piece), length - _position);
        _fetched += count;
        if (_fetched > most)
        {
            throw tooMuch();
        }

        (_held, _heldStart) = (fetch(_position, count), _position);
        _piece = Math.Min(2 * _piece, LargestPiece);
    }
}
