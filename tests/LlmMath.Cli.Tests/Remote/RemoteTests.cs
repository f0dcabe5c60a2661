using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Text;
using LlmMath.Cli.Remote;

namespace LlmMath.Cli.Tests.Remote;

/// <summary>Files of other machines: what is fetched of them, and what a server may say that is not believed.</summary>
public sealed class RemoteTests : IDisposable
{
    private const string Config = """
        {"model_type":"llama","vocab_size":16,"hidden_size":8,"intermediate_size":12,"num_hidden_layers":2,
         "num_attention_heads":2,"tie_word_embeddings":true}
        """;

    private const string Tensor = """{"model.norm.weight":{"dtype":"BF16","shape":[8],"data_offsets":[0,16]}}""";

    private readonly TestServer _server = new();

    public void Dispose() => _server.Dispose();

    [Fact]
    public void AConfigIsCountedAndNothingElseIsFetched()
    {
        _server.Files["/m/config.json"] = Config;

        Assert.Equal(1_256, Resolve("/m/").Required.ParameterCount());
        Assert.Equal(1_256, Resolve("/m/config.json").Required.ParameterCount());
        Assert.Equal(["/m/config.json", "/m/config.json"], _server.Seen.Select(asked => asked.Path));
    }

    // Many a proxy stands on this machine or in its network: that is the user's choice, not a server's.
    [Fact]
    public void AProxyThatTheUserSetIsAsked()
    {
        using var files = new RemoteFiles(new(), null, new WebProxy(_server.Address("/")));
        string problem = Assert.Throws<CliException>(() => files.Open(new("https://models.example/config.json"))).Message;
        Assert.Contains("proxy", problem);
        Assert.DoesNotContain("only the Internet", problem);
    }

    [Fact]
    public void OfACheckpointTheHeaderAloneIsFetched()
    {
        byte[] header = Safetensors(Tensor, out _);
        _server.Files["/m/config.json"] = Config;
        _server.Files["/m/model.safetensors"] = new ServedFile(header, header.Length + 16);

        ModelArgument read = Resolve("/m/", wantsHeader: true);
        Assert.Equal((8, 16, 1_256), (read.Header!.Parameters, read.Header.Bytes, read.Required.ParameterCount()));
        Assert.Equal(header.Length - 1, _server.Seen.Where(asked => asked.Path.EndsWith(".safetensors", StringComparison.Ordinal))
            .Max(asked => asked.To));
    }

    [Fact]
    public void AnIndexReadsTheHeaderOfEachOfItsFiles()
    {
        byte[] header = Safetensors(Tensor, out _), other = Safetensors(Tensor.Replace("norm", "other"), out _);
        _server.Files["/m/model.safetensors.index.json"] = """
            {"weight_map":{"model.norm.weight":"a.safetensors","model.other.weight":"b.safetensors"}}
            """;
        _server.Files["/m/a.safetensors"] = new ServedFile(header, header.Length + 16);
        _server.Files["/m/b.safetensors"] = new ServedFile(other, other.Length + 16);

        ModelArgument read = Resolve("/m/", wantsHeader: true);
        Assert.Equal((2, 16), (read.Header!.Tensors.Count, read.Header.Parameters));
        Assert.Null(read.Definition);

        _server.Files.Remove("/m/b.safetensors");
        Assert.Contains("b.safetensors is not there", Refused("/m/model.safetensors.index.json"));
    }

    [Fact]
    public void OfGgufPiecesAreFetchedUntilTheHeaderEnds()
    {
        const int vocabulary = 60_000;
        byte[] header = Gguf(vocabulary);
        _server.Files["/m.gguf"] = new ServedFile(header, 10_000_000_000);

        ModelArgument read = Resolve("/m.gguf");
        Assert.Equal(("gguf", 1), (read.Header!.Format, read.Header.Tensors.Count));
        Assert.True(header.Length > 700_000);
        Assert.InRange(_server.Seen.Max(asked => asked.To), header.Length - 1, header.Length + (1 << 20));
        Assert.InRange(_server.Seen.Count, 2, 4);
    }

    [Fact]
    public void AServerWithoutRangesGivesSmallFilesAlone()
    {
        _server.GivesRanges = false;
        _server.Files["/config.json"] = Config;
        _server.Files["/model.safetensors"] = Safetensors(Tensor, out _);
        _server.Files["/m.gguf"] = new ServedFile([], 10_000_000_000);
        // No length is given, and more comes than is read whole.
        _server.Answers["/endless.json"] = _ => $"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{new string(' ', 3_000)}";

        Assert.Equal(1_256, Resolve("/config.json").Required.ParameterCount());
        Assert.Contains("no Range requests", Refused("/model.safetensors"));
        Assert.Contains("no Range requests", Refused("/m.gguf"));
        Assert.Contains("no Range requests", Refused("/endless.json", new() { WholeBytes = 2_000 }));
    }

    [Theory]
    // A header of 10 GB, in a file that is said to be larger.
    [InlineData("header", "makes the safetensors header longer than 100,000,008 bytes")]
    // More of a header than may be read.
    [InlineData("vocabulary", "its header is longer than 500,000 bytes")]
    [InlineData("all", "more than 300,000 bytes of headers")]
    [InlineData("short", "the answer ended after 3 of 8 bytes")]
    [InlineData("promise", "cannot be reached: ")]
    [InlineData("other-part", "sent another part than was asked for (bytes 8-15/1000)")]
    [InlineData("no-part", "sent another part than was asked for (none)")]
    [InlineData("no-length", "sent another part than was asked for (bytes 0-7/*)")]
    [InlineData("noise", "cannot be reached: ")]
    public void AServerThatLiesIsNotBelieved(string lie, string reason)
    {
        byte[] length = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, 10_000_000_000);
        _server.Files["/header.safetensors"] = new ServedFile(length, 20_000_000_000);
        _server.Files["/vocabulary.gguf"] = _server.Files["/all.gguf"] = new ServedFile(Gguf(60_000), 10_000_000_000);
        Part("short", "bytes 0-7/1000", 3, 3);
        Part("promise", "bytes 0-7/1000", 8, 3);
        Part("other-part", "bytes 8-15/1000", 8, 8);
        Part("no-part", null, 8, 8);
        Part("no-length", "bytes 0-7/*", 8, 8);
        _server.Answers["/noise.safetensors"] = _ => "SSH-2.0-OpenSSH\r\n\r\n";
        RemoteLimits limits = lie switch
        {
            "vocabulary" => new() { FileBytes = 500_000 },
            "all" => new() { TotalBytes = 300_000 },
            _ => new(),
        };
        Assert.Contains(reason, Refused($"/{lie}{(lie is "vocabulary" or "all" ? ".gguf" : ".safetensors")}", limits));
    }

    [Theory]
    [InlineData("401 Unauthorized", "its server refuses it (401)")]
    [InlineData("403 Forbidden", "its server refuses it (403)")]
    [InlineData("404 Not Found", "is not there")]
    [InlineData("416 Range Not Satisfiable", "answered 416")]
    [InlineData("429 Too Many Requests", "wants fewer requests (429)")]
    [InlineData("500 Internal Server Error", "answered 500")]
    public void ARefusalIsOneLine(string status, string reason)
    {
        _server.Answers["/config.json"] = _ => $"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        string line = Refused("/config.json");
        Assert.Contains(reason, line);
        Assert.DoesNotContain('\n', line);
    }

    [Fact]
    public void RedirectsAreFollowedAFewTimes()
    {
        _server.Files["/here/config.json"] = Config;
        Redirect("/config.json", "/again");
        Redirect("/again", "/here/config.json");
        Assert.Equal(1_256, Resolve("/config.json").Required.ParameterCount());

        Redirect("/loop.json", "/loop.json");
        Assert.Contains("redirects more than 5 times", Refused("/loop.json"));
        Assert.Equal(6, _server.Seen.Count(asked => asked.Path == "/loop.json"));
    }

    [Theory]
    [InlineData("https://10.1.2.3/config.json", "is redirected to https://10.1.2.3/config.json, which is an address of")]
    [InlineData("https://169.254.169.254/latest", "only the Internet is asked")]
    [InlineData("https://[fd00::1]/c", "only the Internet is asked")]
    [InlineData("https://[::ffff:192.168.0.1]/c", "only the Internet is asked")]
    [InlineData("https://localhost/c", "only the Internet is asked")]
    [InlineData("http://example.org/c", "is not of https")]
    [InlineData("file:///etc/passwd", "is not of https")]
    public void ARedirectLeavesTheInternetNever(string target, string reason)
    {
        Redirect("/config.json", target);
        Assert.Contains(reason, Refused("/config.json"));
    }

    [Fact]
    public void ASlowServerIsLeft()
    {
        _server.Files["/config.json"] = Config;
        _server.Delay = TimeSpan.FromSeconds(30);
        long start = Stopwatch.GetTimestamp();
        Assert.Contains("was not read within 0 s", Refused("/config.json", new() { Time = TimeSpan.FromMilliseconds(50) }));
        Assert.True(Stopwatch.GetElapsedTime(start) < _server.Delay);
    }

    [Fact]
    public void RequestsAndHostsAreCounted()
    {
        _server.Files["/config.json"] = Config;
        Redirect("/1.json", "/config.json");
        Assert.Contains("more than 1 requests", Refused("/1.json", new() { Requests = 1 }));
        Assert.Contains("0 hosts", Refused("/config.json", new() { Hosts = 0 }));
    }

    [Fact]
    public void TheTokenIsForTheHubAlone()
    {
        _server.Files["/config.json"] = Config;
        Resolve("/config.json");
        Assert.All(_server.Seen, asked => Assert.Empty(asked.Authorization));
    }

    private void Part(string name, string? range, int promised, int sent) => _server.Answers[$"/{name}.safetensors"] = _ =>
        $"HTTP/1.1 206 Partial Content\r\n{(range is null ? "" : $"Content-Range: {range}\r\n")}Content-Length: {promised}\r\n"
        + $"Connection: close\r\n\r\n{new string('\u0001', sent)}";

    private void Redirect(string from, string to) => _server.Answers[from] = _ =>
        $"HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

    private ModelArgument Resolve(string path, bool wantsHeader = false, RemoteLimits? limits = null)
    {
        using var files = new RemoteFiles((limits ?? new()) with { AllowsLoopback = true }, "secret");
        return ModelArgument.ResolveRemote("it", _server.Address(path), wantsHeader, files);
    }

    private string Refused(string path, RemoteLimits? limits = null) =>
        Assert.Throws<CliException>(() => Resolve(path, limits: limits)).Message;

    private static byte[] Safetensors(string json, out int length)
    {
        byte[] bytes = new byte[8 + (length = Encoding.UTF8.GetByteCount(json))];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)length);
        Encoding.UTF8.GetBytes(json, bytes.AsSpan(8));
        return bytes;
    }

    // One tensor and a vocabulary.
    private static byte[] Gguf(int vocabulary)
    {
        using var file = new MemoryStream();
        using var writer = new BinaryWriter(file);
        void Text(string text)
        {
            writer.Write((ulong)text.Length);
            writer.Write(Encoding.ASCII.GetBytes(text));
        }

        writer.Write("GGUF"u8);
        writer.Write(3u);
        writer.Write(1ul);
        writer.Write(2ul);
        Text("general.architecture");
        writer.Write(8u);
        Text("llama");
        Text("tokenizer.ggml.tokens");
        writer.Write(9u);
        writer.Write(8u);
        writer.Write((ulong)vocabulary);
        for (int i = 0; i < vocabulary; i++)
        {
            Text("token");
        }

        Text("output_norm.weight");
        writer.Write(1u);
        writer.Write(8ul);
        writer.Write(0u);
        writer.Write(0ul);
        return file.ToArray();
    }
}
