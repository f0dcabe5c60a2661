using LlmMath.Architectures;
using static LlmMath.Models.Families.TensorLists;

namespace LlmMath.Models.Families;

/// <summary>Hyper-connections: several residual streams, mixed before and after each part of a block by small functions of all of
/// them. Source: Xie et al., arXiv:2512.24880 (manifold-constrained), section 3; huggingface/transformers,
/// <c>DeepseekV4HyperConnection</c>, src/transformers/models/deepseek_v4/modular_deepseek_v4.py, commit 02356fecf280.</summary>
internal static class HyperConnections
{
    // The functions grow with the square of the streams; real models have 4.
    private const int MostStreams = 1024;

    /// <summary>The number of streams.</summary>
    public static long Streams(this ConfigReader c) => c.Layers("hc_mult", 4, MostStreams);

    /// <summary>What mixes n streams around a part: of each a weight before it, one after it, and n × n among them; three
    /// scales.</summary>
    public static IEnumerable<Tensor> Around(string part, long hidden, long streams) =>
        Mixing($"hc_{part}", hidden, streams, outputs: (2 + streams) * streams, scales: 3);

    /// <summary>What mixes n streams around a part where each keeps its own: of each a weight before it and one after it; two
    /// scales. Source: as <see cref="HyV4"/>.</summary>
    public static IEnumerable<Tensor> Independent(string under, long hidden, long streams) =>
        Mixing(under + "hc", hidden, streams, outputs: 2 * streams, scales: 2);

    /// <summary>What makes the one stream that the head reads of n: a weight of each, and one scale.</summary>
    public static IEnumerable<Tensor> Head(string name, long hidden, long streams) =>
        Mixing(name, hidden, streams, outputs: streams, scales: 1);

    // They stay in 32 bits: of no kind.
    private static IEnumerable<Tensor> Mixing(string name, long hidden, long streams, long outputs, long scales) => In32Bits(
        Plain(name + "_fn", TensorRole.Projection, outputs, streams * hidden),
        Plain(name + "_base", TensorRole.Projection, outputs),
        Plain(name + "_scale", TensorRole.Projection, scales));
}
