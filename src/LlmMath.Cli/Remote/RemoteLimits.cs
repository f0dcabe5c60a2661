namespace LlmMath.Cli.Remote;

/// <summary>How much may be asked of others' machines for one model: whatever a server says, it ends here.</summary>
internal sealed record RemoteLimits
{
    /// <summary>The tool's.</summary>
    public static RemoteLimits Usual { get; } = new();

    /// <summary>How long all requests together may take.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Requests, redirects among them: an index of a thousand shards needs some three thousand.</summary>
    public int Requests { get; init; } = 4_000;

    /// <summary>Redirects that one request may follow.</summary>
    public int Redirects { get; init; } = 5;

    /// <summary>Different hosts: a hub, and where it keeps its files.</summary>
    public int Hosts { get; init; } = 8;

    /// <summary>Bytes that are read of one file: a header of safetensors may have 100 MB.</summary>
    public long FileBytes { get; init; } = 128L << 20;

    /// <summary>Bytes that are read of all files together.</summary>
    public long TotalBytes { get; init; } = 512L << 20;

    /// <summary>Bytes of a file that is read whole where its server gives no parts of it.</summary>
    public long WholeBytes { get; init; } = 16L << 20;

    /// <summary>Whether this machine may be asked, without TLS: for a test's own server alone.</summary>
    public bool AllowsLoopback { get; init; }
}
