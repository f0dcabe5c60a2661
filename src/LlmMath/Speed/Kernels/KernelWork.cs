using LlmMath.Engines.Kernels;

namespace LlmMath.Speed.Kernels;

/// <summary>What a kernel must move and compute at the least, over the axes of its operator.</summary>
/// <param name="Bytes">Bytes read and written; over the link for collectives.</param>
/// <param name="Operations">Operations; a multiply-add is two.</param>
internal readonly record struct KernelWork(double Bytes, double Operations)
{
    /// <summary>Latent attention keeps 512 numbers a token and 64 with a position. Source: arXiv:2405.04434, section 2.1 and
    /// table of hyper-parameters (d_c = 512, d_h^R = 64, d_h = 128).</summary>
    private const double Latent = 512, Rotary = 64, Unpacked = 128;

    /// <summary>Width of a token in the table of experts; others are asked as more or fewer tokens, and as a wider or narrower
    /// inside.</summary>
    public const double ExpertWidth = 4096;

    /// <summary>The work at a point of the axes.</summary>
    /// <param name="kind">What the kernel does.</param>
    /// <param name="bits">Bits of what it reads most: weights, or cached numbers.</param>
    /// <param name="activationBits">Bits of a number that is read beside it.</param>
    /// <param name="x">The sizes, in the order of <see cref="KernelAxis.Of"/>.</param>
    public static KernelWork Of(KernelOperator kind, double bits, double activationBits, ReadOnlySpan<double> x) => kind switch
    {
        KernelOperator.Product => Product(bits, activationBits, x[0], x[1], x[2]),
        KernelOperator.Rounding => new(x[0] * x[1] * (16 + activationBits) / 8, 0),
        KernelOperator.Prefill => Prefill(x[0], x[1], x[2], x[3]),
        KernelOperator.Decode => Decode(bits, x[0], x[1], x[2], x[3]),
        KernelOperator.PrefillLatent => new(x[0] * x[1] * (Unpacked + Rotary + Unpacked) * 2,
            2 * x[0] * x[1] * x[2] * (Unpacked + Rotary + Unpacked)),
        KernelOperator.DecodeLatent => new(
            (x[0] * x[1] * (Latent + Rotary) * bits / 8) + (x[0] * x[2] * (Latent + Rotary + Latent) * 2),
            2 * x[0] * x[1] * x[2] * (Latent + Rotary + Latent)),
        KernelOperator.PrefillRecurrent => new(x[0] * x[1] * x[2] * 128 * 4 * 2, 6 * x[0] * x[1] * x[2] * 128 * 128),
        KernelOperator.DecodeRecurrent => new(x[0] * x[1] * 128 * 128 * 2 * 4, 6 * x[0] * x[1] * 128 * 128),
        KernelOperator.Experts => Experts(bits, x[0], x[1], x[2], x[3]),
        KernelOperator.Streams => Streams(x[0], x[1]),
        // Each receives at the least the others' parts of the result; a ring of all-reduce moves twice that, a switch that
        // sums less.
        >= KernelOperator.AllReduce => new(x[0] * (x[1] - 1) / x[1], 0),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>Both parts' streams read and written once, and what enters and leaves each: of s streams 2·(2·s + 2) numbers of
    /// 16 bits a token, at s = 4 five for each of the streams' elements: bytes <c>= 10·t·width</c>.</summary>
    private static KernelWork Streams(double tokens, double width) => new(10 * tokens * width, 0);

    /// <summary>The short convolution of a recurrent layer over 128·c channels, which keeps three tokens before and has four
    /// taps: of t new tokens in and out in 16 bits bytes <c>= t·128·c·4</c> and operations <c>= t·128·c·8</c>; of one token in
    /// each of s sequences the three are read and written too, bytes <c>= s·128·c·16</c>. Source: huggingface/transformers,
    /// <c>Qwen3NextGatedDeltaNet</c> (conv_kernel_size 4).</summary>
    public static KernelWork Convolution(KernelOperator kind, ReadOnlySpan<double> x) => kind == KernelOperator.DecodeRecurrent
        ? new(x[0] * x[1] * 128 * 16, x[0] * x[1] * 128 * 8)
        : new(x[0] * x[1] * x[2] * 128 * 4, x[0] * x[1] * x[2] * 128 * 8);

    /// <summary>Bytes <c>= m·k·a/8 + n·k·w/8 + 2·m·n</c>, operations <c>= 2·m·n·k</c>: each operand once, the result in 16
    /// bits.</summary>
    public static KernelWork Product(double weightBits, double activationBits, double m, double n, double k) =>
        new((m * k * activationBits / 8) + (n * k * weightBits / 8) + (2 * m * n), 2 * m * n * k);

    /// <summary>Queries and results of 16 bits once, keys and values once each, scores and sums: bytes
    /// <c>= p·a·d·2·b/8 + p·g·d·4</c>, operations <c>= 4·p·g·d·a</c>.</summary>
    private static KernelWork Decode(double bits, double kvHeads, double context, double group, double width) =>
        new((kvHeads * context * width * bits / 4) + (kvHeads * group * width * 4), 4 * kvHeads * group * width * context);

    /// <summary>Queries and results of 16 bits once: bytes <c>= p·s·d·4</c>, operations <c>= 4·p·s·a·d</c>, for <c>a</c>
    /// keys that a
    /// query sees on average.</summary>
    private static KernelWork Prefill(double heads, double tokens, double keys, double width) =>
        new(heads * tokens * width * 4, 4 * heads * tokens * keys * width);

    /// <summary>Three matrices of each expert that a token reaches, and each token in and out, all as wide as if hidden were
    /// <see cref="ExpertWidth"/>: bytes <c>= touched·3·h·i·w/8 + 4·t·h</c>, operations <c>= 6·a·h·i</c>, with touched
    /// <c>= E·(1 − (1 − 1/E)^(a/2))</c>: where some experts are drawn more often, fewer are reached, as many as half of the draws
    /// would reach at equal chance.</summary>
    private static KernelWork Experts(double bits, double assignments, double experts, double inner, double tokens) =>
        new((Touched(assignments / 2, experts) * 3 * ExpertWidth * inner * bits / 8) + (4 * tokens * ExpertWidth),
            6 * assignments * ExpertWidth * inner);

    /// <summary>Experts that draws at equal chance reach: <c>E·(1 − (1 − 1/E)^a)</c>.</summary>
    public static double Touched(double assignments, double experts) => experts <= 1
        ? 1
        : -experts * Expm1(assignments * Math.Log(1 - (1 / experts)));

    // e^x − 1 without losing the digits of small x.
    private static double Expm1(double x) => Math.Abs(x) < 1e-5 ? x + (x * x / 2) : Math.Exp(x) - 1;
}
