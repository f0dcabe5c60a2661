using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LlmMath.Cli.Tests.Remote;

/// <summary>A request that the server got.</summary>
/// <param name="Path">The path asked for.</param>
/// <param name="From">The first byte of the range.</param>
/// <param name="To">The last byte of the range; what is asked for without one is all.</param>
/// <param name="Authorization">What the client said of itself; empty where it said nothing.</param>
internal sealed record Asked(string Path, long From, long To, string Authorization);

/// <summary>A file of which only the beginning is there: its length may be claimed.</summary>
/// <param name="Head">The bytes that are there.</param>
/// <param name="Length">The bytes that the server says there are.</param>
internal sealed record ServedFile(byte[] Head, long Length)
{
    public static implicit operator ServedFile(byte[] bytes) => new(bytes, bytes.Length);

    public static implicit operator ServedFile(string text) => Encoding.UTF8.GetBytes(text);
}

/// <summary>A web server on this machine that answers as it is told, well or badly.</summary>
internal sealed class TestServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();

    public TestServer()
    {
        _listener.Start();
        _ = ServeAsync();
    }

    /// <summary>Files by path.</summary>
    public Dictionary<string, ServedFile> Files { get; } = [];

    /// <summary>Answers in full for some paths, head and body, in place of a file.</summary>
    public Dictionary<string, Func<Asked, string>> Answers { get; } = [];

    /// <summary>Whether parts of files are given.</summary>
    public bool GivesRanges { get; set; } = true;

    /// <summary>How long the server waits before each answer.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>What was asked for, in order.</summary>
    public ConcurrentQueue<Asked> Seen { get; } = [];

    public Uri Address(string path) => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}{path}");

    public void Dispose()
    {
        _end.Cancel();
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                _ = AnswerAsync(await _listener.AcceptTcpClientAsync(_end.Token));
            }
            catch (Exception problem) when (problem is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                NetworkStream stream = client.GetStream();
                Asked asked = await ReadAsync(stream);
                Seen.Enqueue(asked);
                await Task.Delay(Delay, _end.Token);
                await stream.WriteAsync(Answer(asked), _end.Token);
            }
            catch (Exception problem) when (problem is IOException or OperationCanceledException or SocketException)
            {
                // The client, or the test, has gone.
            }
        }
    }

    private static async Task<Asked> ReadAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        string path = (await reader.ReadLineAsync())!.Split(' ')[1], authorization = "";
        (long from, long to) = (0, long.MaxValue);
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
        {
            string[] parts = line.Split(": ", 2);
            if (parts[0] == "Range")
            {
                string[] range = parts[1]["bytes=".Length..].Split('-');
                from = long.Parse(range[0], CultureInfo.InvariantCulture);
                to = long.Parse(range[1], CultureInfo.InvariantCulture);
            }

            authorization = parts[0] == "Authorization" ? parts[1] : authorization;
        }

        return new(path, from, to, authorization);
    }

    private byte[] Answer(Asked asked)
    {
        if (Answers.TryGetValue(asked.Path, out Func<Asked, string>? answer))
        {
            return Encoding.Latin1.GetBytes(answer(asked));
        }

        if (!Files.TryGetValue(asked.Path, out ServedFile? file))
        {
            return Encoding.ASCII.GetBytes("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        }

        if (!GivesRanges)
        {
            return [.. Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {file.Length}\r\nConnection: close\r\n\r\n"),
                .. file.Head];
        }

        long to = Math.Min(asked.To, file.Length - 1);
        byte[] part = new byte[to - asked.From + 1];
        if (asked.From < file.Head.Length)
        {
            file.Head.AsSpan((int)asked.From, (int)Math.Min(part.Length, file.Head.Length - asked.From)).CopyTo(part);
        }

        return [.. Encoding.ASCII.GetBytes("HTTP/1.1 206 Partial Content\r\n"
            + $"Content-Range: bytes {asked.From}-{to}/{file.Length}\r\n"
            + $"Content-Length: {part.Length}\r\nConnection: close\r\n\r\n"), .. part];
    }
}
