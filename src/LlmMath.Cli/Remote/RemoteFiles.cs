using System.Net;
using System.Net.Http.Headers;
using static LlmMath.Cli.Output.Tables;

namespace LlmMath.Cli.Remote;

/// <summary>Files of other machines, read in parts. What cannot be had is one line that says why.</summary>
/// <param name="limits">How much may be asked.</param>
/// <param name="token">What the Hugging Face hub is told, and no other host; null where there is none.</param>
/// <param name="proxy">Who is asked instead of each host; null for whom the user set.</param>
internal sealed class RemoteFiles(RemoteLimits limits, string? token, IWebProxy? proxy = null) : IDisposable
{
    // Of a file whose header does not begin with its length; of one that does, not a byte too much is asked for.
    private const int Piece = 256 << 10, LengthField = 8;

    private readonly RemoteRequests _requests = new(limits, token, proxy);

    public void Dispose() => _requests.Dispose();

    /// <summary>Opens a file; null where the server has none of that name.</summary>
    /// <exception cref="CliException">It cannot be had: names the address and the reason.</exception>
    public Stream? Open(Uri file)
    {
        bool startsWithLength = file.AbsolutePath.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase);
        int wanted = startsWithLength ? LengthField : Piece;
        using RemoteResponse? response = _requests.Send(file, new RangeHeaderValue(0, wanted - 1), mayBeMissing: true);
        return response switch
        {
            null => null,
            { Message.StatusCode: HttpStatusCode.PartialContent } => Parts(file, response, wanted, startsWithLength ? 0 : Piece),
            { Message.StatusCode: HttpStatusCode.OK } => Whole(file, response, startsWithLength),
            _ => throw new CliException($"{file}: the server answered {(int)response.Message.StatusCode}, "
                + "where a part of the file was asked for."),
        };
    }

    private RangeStream Parts(Uri file, RemoteResponse response, int wanted, int piece)
    {
        ContentRangeHeaderValue? range = response.Message.Content.Headers.ContentRange;
        if (range is not { Unit: "bytes", From: 0, To: { } last, Length: { } length } || length < 1
            || last != Math.Min(wanted, length) - 1)
        {
            throw Contradicts(file, range);
        }

        // Where it was found, so that a redirect is followed once.
        Uri found = response.Address;
        byte[] first = response.Read((int)last + 1);
        return new(length, first, piece, limits.FileBytes, (from, count) => Part(file, found, from, count, length),
            () => new CliException($"{file}: its header is longer than {N(limits.FileBytes)} bytes, which no real one is."));
    }

    private byte[] Part(Uri file, Uri found, long from, int count, long length)
    {
        using RemoteResponse response = _requests.Send(found, new RangeHeaderValue(from, from + count - 1), mayBeMissing: false)!;
        ContentRangeHeaderValue? range = response.Message.Content.Headers.ContentRange;
        return response.Message.StatusCode == HttpStatusCode.PartialContent && range is { Unit: "bytes" } && range.From == from
            && range.To == from + count - 1 && range.Length == length ? response.Read(count) : throw Contradicts(file, range);
    }

    // A small file, a config.json for one, may come whole.
    private MemoryStream Whole(Uri file, RemoteResponse response, bool isCheckpoint)
    {
        long? length = response.Message.Content.Headers.ContentLength;
        if (isCheckpoint || length > limits.WholeBytes)
        {
            throw NoParts(file);
        }

        byte[] bytes = response.ReadAll((int)limits.WholeBytes + 1);
        return bytes.Length <= limits.WholeBytes ? new MemoryStream(bytes) : throw NoParts(file);
    }

    private static CliException NoParts(Uri file) => new($"{file}: its server does not send parts of a file (no Range requests), "
        + "and the whole is not fetched; download it and give its path.");

    private static CliException Contradicts(Uri file, ContentRangeHeaderValue? range) => new(
        $"{file}: the server sent another part than was asked for ({range?.ToString() ?? "none"}).");
}
