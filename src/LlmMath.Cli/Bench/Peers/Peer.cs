namespace LlmMath.Cli.Bench.Peers;

/// <summary>The peers that <c>--against</c> names.</summary>
internal static class Peer
{
    /// <summary>A bench with the peers loaded.</summary>
    /// <exception cref="CliException">A peer is unknown or not there.</exception>
    public static KernelBench Load(string[] against, int rounds)
    {
        OpenBlas? openBlas = null;
        Ggml? ggml = null;
        foreach (string peer in against)
        {
            if (peer.StartsWith("ggml=", StringComparison.Ordinal))
            {
                ggml = LoadGgml(peer["ggml=".Length..]);
            }
            else if (peer == "openblas")
            {
                openBlas = OpenBlas.Load() ?? throw new CliException("--against openblas: this machine has no libopenblas.");
            }
            else
            {
                throw new CliException($"--against: \"{peer}\" is neither openblas nor ggml=DIR.");
            }
        }

        return new KernelBench(openBlas, ggml, rounds);
    }

    private static Ggml LoadGgml(string folder)
    {
        if (folder.Length == 0)
        {
            throw new CliException("--against: ggml= needs a folder after it, that of libggml-base.so.");
        }

        try
        {
            return Ggml.Load(Path.GetFullPath(folder));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CliException($"--against ggml={folder}: {problem.Message}", problem);
        }
    }
}
