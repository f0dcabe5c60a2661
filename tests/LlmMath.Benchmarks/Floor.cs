using LlmMath.Cli.Bench;

namespace LlmMath.Benchmarks;

/// <summary>
/// A ratio to reach: how many times as fast as a peer, with one thread and with two. Measured with a prototype of these kernels
/// on two cores of a Zen 4 server processor, against ggml (native build, weights repacked where it does that) and OpenBLAS
/// 0.3.21.
/// </summary>
/// <param name="Kernel">The kernel's name.</param>
/// <param name="Peer"><c>ggml</c> or <c>openblas</c>.</param>
/// <param name="L2">In a core's L2.</param>
/// <param name="L3">In L3.</param>
/// <param name="Memory">From memory, K = 4096.</param>
/// <param name="LongRows">From memory, K = 16384.</param>
internal sealed record Floor(string Kernel, string Peer, double[] L2, double[] L3, double[] Memory, double[] LongRows)
{
    public static IReadOnlyList<Floor> All { get; } =
    [
        new("q4_0", "ggml", [2.2, 2.2], [2.2, 2.2], [1.25, 1.05], [1.25, 1.05]),
        new("q4_0-portable", "ggml", [1.0, 1.0], [1.0, 1.0], [0.95, 0.95], [0.95, 0.95]),
        new("q8_0", "ggml", [2.3, 2.3], [2.2, 2.0], [1.1, 1.0], [2.0, 1.3]),
        new("q8_0-fp32", "ggml", [1.0, 1.0], [1.0, 1.0], [1.0, 1.0], [1.0, 1.0]),
        new("bf16", "ggml", [1.05, 1.7], [0.95, 1.0], [0.95, 0.95], [1.3, 1.1]),
        new("fp16", "ggml", [1.6, 1.6], [1.4, 1.4], [0.9, 0.95], [1.5, 1.3]),
        new("fp32", "openblas", [1.1, 1.3], [1.2, 1.2], [1.12, 1.03], [1.12, 1.03]),
    ];

    /// <summary>The ratio to reach in a case, or null where none is stated.</summary>
    public static double? Of(BenchCase what, string peer)
    {
        Floor? floor = All.FirstOrDefault(f => f.Kernel == what.Kernel.Name && f.Peer == peer);
        if (what.Vectors > 1)
        {
            return null;
        }

        double[]? ratios = (what.Level.Name, what.Columns) switch
        {
            ("l2", _) => floor?.L2,
            ("l3", _) => floor?.L3,
            (_, 4096) => floor?.Memory,
            _ => floor?.LongRows,
        };
        return ratios?[what.Threads - 1];
    }
}
