namespace LlmMath.Cli.Remote;

/// <summary>An answer whose body is read no further than was asked for.</summary>
/// <param name="message">The answer.</param>
/// <param name="address">Who gave it, after redirects.</param>
/// <param name="count">Is told each byte that was read.</param>
/// <param name="failure">What a body that breaks off throws.</param>
/// <param name="cancellation">Ends the reading.</param>
internal sealed class RemoteResponse(HttpResponseMessage message, Uri address, Action<int> count,
    Func<Exception, Exception> failure, CancellationToken cancellation) : IDisposable
{
    public HttpResponseMessage Message => message;

    public Uri Address => address;

    public void Dispose() => message.Dispose();

    /// <summary>So many bytes; what comes after them is not read.</summary>
    public byte[] Read(int bytes)
    {
        byte[] part = ReadAll(bytes);
        return part.Length == bytes ? part
            : throw failure(new EndOfStreamException($"the answer ended after {part.Length} of {bytes} bytes"));
    }

    /// <summary>All bytes, at most so many.</summary>
    public byte[] ReadAll(int most)
    {
        try
        {
            return ReadAsync(most).GetAwaiter().GetResult();
        }
        catch (Exception problem) when (problem is HttpRequestException or OperationCanceledException or IOException)
        {
            throw failure(problem);
        }
    }

    private async Task<byte[]> ReadAsync(int most)
    {
        using Stream body = await message.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        using var bytes = new MemoryStream();
        byte[] buffer = new byte[Math.Min(most, 81_920)];
        while (bytes.Length < most)
        {
            int wanted = (int)Math.Min(buffer.Length, most - bytes.Length);
            int read = await body.ReadAsync(buffer.AsMemory(0, wanted), cancellation).ConfigureAwait(false);
            if (read == 0)
            {
                break;
            }

            count(read);
            bytes.Write(buffer, 0, read);
        }

        return bytes.ToArray();
    }
}
