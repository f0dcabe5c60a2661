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
                ggml = Ggml.Load(Path.GetFullPath(peer["ggml=".Length..]));
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
}
