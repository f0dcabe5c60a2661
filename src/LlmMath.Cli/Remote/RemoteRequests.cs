using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using static LlmMath.Cli.Output.Tables;

namespace LlmMath.Cli.Remote;

/// <summary>Requests to other machines within limits: of time, number, hosts, redirects and bytes. Only https is spoken, only
/// addresses of the Internet are asked, and one host alone is told the token.</summary>
internal sealed class RemoteRequests : IDisposable
{
    private const string TokenVariable = "HF_TOKEN";

    private readonly RemoteLimits _limits;
    private readonly string? _token;
    private readonly HttpClient _client;
    private readonly CancellationTokenSource _time;
    private readonly HashSet<string> _hosts = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private int _sent;
    private long _bytes;

    /// <param name="limits">How much may be asked.</param>
    /// <param name="token">What the hub is told; null for nothing.</param>
    /// <param name="proxy">Who is asked instead of each host; null for whom the user set.</param>
    public RemoteRequests(RemoteLimits limits, string? token, IWebProxy? proxy = null)
    {
        (_limits, _token) = (limits, string.IsNullOrWhiteSpace(token) ? null : token.Trim());
        _time = new(limits.Time);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = limits.Time,
            ConnectCallback = ConnectAsync,
        };
        handler.Proxy = proxy ?? handler.Proxy;
        _client = new(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("llmmath", null));
    }

    public void Dispose()
    {
        _client.Dispose();
        _time.Dispose();
    }

    /// <summary>Asks for a part of a file and follows redirects.</summary>
    /// <returns>An answer of 200 or 206; null where the file is missing and that may be.</returns>
    /// <exception cref="CliException">There is no such answer.</exception>
    public RemoteResponse? Send(Uri file, RangeHeaderValue range, bool mayBeMissing)
    {
        Uri address = file;
        for (int redirects = 0; ; redirects++)
        {
            HttpResponseMessage answer = Ask(file, address, range);
            int status = (int)answer.StatusCode;
            if (status is 200 or 206)
            {
                return new(answer, address, bytes => Count(file, bytes), problem => Failure(file, problem), _time.Token);
            }

            Uri? next = answer.Headers.Location;
            answer.Dispose();
            if (status is 301 or 302 or 303 or 307 or 308 && next is not null)
            {
                address = redirects < _limits.Redirects ? new Uri(address, next) : throw new CliException(
                    $"{file}: redirects more than {N(_limits.Redirects)} times; the last leads to {next}.");
                continue;
            }

            return status == 404 && mayBeMissing ? null : throw new CliException($"{file}: {Reason(status, address)}");
        }
    }

    private HttpResponseMessage Ask(Uri file, Uri address, RangeHeaderValue range)
    {
        RequireAllowed(file, address);
        if (++_sent > _limits.Requests || (_hosts.Add(address.Authority) && _hosts.Count > _limits.Hosts))
        {
            throw new CliException($"{file}: needs more than {N(_limits.Requests)} requests or {N(_limits.Hosts)} hosts; "
                + "download it and give its path.");
        }

        _names.Add(address.IdnHost);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Range = range;
        if (_token is not null && IsHub(address))
        {
            request.Headers.Authorization = new("Bearer", _token);
        }

        try
        {
            return _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _time.Token).GetAwaiter().GetResult();
        }
        catch (Exception problem) when (problem is HttpRequestException or OperationCanceledException or IOException
            or FormatException)
        {
            throw Failure(file, problem);
        }
    }

    private void RequireAllowed(Uri file, Uri address)
    {
        bool isHere = IPAddress.TryParse(address.IdnHost, out IPAddress? host) && PublicAddress.IsLoopback(host);
        bool mayBeHere = _limits.AllowsLoopback && isHere;
        string at = address == file ? "" : $"is redirected to {address}, which ";
        if (address.Scheme != Uri.UriSchemeHttps && !(mayBeHere && address.Scheme == Uri.UriSchemeHttp))
        {
            throw new CliException($"{file}: {at}{(at.Length > 0 ? "is not of https." : "only https is read.")}");
        }

        if (!mayBeHere && ((host is not null && !PublicAddress.Is(host)) || address.Host.EndsWith("localhost",
            StringComparison.OrdinalIgnoreCase)))
        {
            throw new CliException($"{file}: {(at.Length > 0 ? at : "")}is an address of this machine or its own network: "
                + "only the Internet is asked.");
        }
    }

    // A name may lead anywhere: what it was resolved to decides. A proxy that the user set is asked as it is.
    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        DnsEndPoint end = context.DnsEndPoint;
        IPAddress[] addresses = await Dns.GetHostAddressesAsync(end.Host, cancellation).ConfigureAwait(false);
        if (_names.Contains(end.Host))
        {
            addresses = [.. addresses.Where(address => PublicAddress.Is(address)
                || (_limits.AllowsLoopback && PublicAddress.IsLoopback(address)))];
            if (addresses.Length == 0)
            {
                throw new IOException($"{end.Host} is an address of this machine or its own network: only the Internet is asked");
            }
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, end.Port, cancellation).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private void Count(Uri file, int bytes)
    {
        _bytes += bytes;
        if (_bytes > _limits.TotalBytes)
        {
            throw new CliException($"{file}: more than {N(_limits.TotalBytes)} bytes of headers, which no real model has.");
        }
    }

    private CliException Failure(Uri file, Exception problem)
    {
        Exception cause = problem;
        while (cause is HttpRequestException && cause.InnerException is not null)
        {
            cause = cause.InnerException;
        }

        string reason = _time.IsCancellationRequested
            ? $"was not read within {N((long)_limits.Time.TotalSeconds)} s."
            : $"cannot be reached: {string.Join(' ', cause.Message.Split(' ', '\r', '\n', '\t')).TrimEnd('.')}.";
        return new($"{file}: {reason}", problem);
    }

    private string Reason(int status, Uri address) => status switch
    {
        401 or 403 when !IsHub(address) => $"its server refuses it ({status}).",
        401 or 403 when _token is null => $"is not there, or is private or gated ({status}): if you have access, set "
            + $"{TokenVariable} to a token of yours.",
        401 or 403 => $"the token in {TokenVariable} gives no access ({status}): accept the model's terms on its page, or set "
            + "another.",
        404 => "is not there (404).",
        429 => "its server wants fewer requests (429): try again later.",
        _ => $"its server answered {status}.",
    };

    /// <summary>Whether the hub is asked, by TLS and at its usual port.</summary>
    internal static bool IsHub(Uri address) => address.Scheme == Uri.UriSchemeHttps && address.IsDefaultPort
        && address.Host.Equals(HubAddress.Host, StringComparison.OrdinalIgnoreCase);
}
