namespace LlmMath.Engines.Kernels;

/// <summary>A size on which a kernel's time depends: its name, its range, and where corrections of its form stand.</summary>
/// <param name="Name">The name in files: <c>tokens</c>.</param>
/// <param name="Low">Base-2 logarithm of the least size of the table; below it time stays.</param>
/// <param name="High">Base-2 logarithm of the largest; beyond it time grows in proportion, where
/// <paramref name="Grows"/>.</param>
/// <param name="Knots">Base-2 logarithms of the sizes at which corrections stand, rising.</param>
/// <param name="Grows">Whether time beyond the largest size is in proportion to it.</param>
internal sealed record KernelAxis(string Name, int Low, int High, ValueList<double> Knots, bool Grows = true)
{
    // Sizes alike in many operators.
    private static readonly KernelAxis s_sequences = new("sequences", 0, 11, [0, 2, 4, 6, 8, 10]);
    private static readonly KernelAxis s_context = new("context", 0, 18, [0, 5, 7, 9, 11, 13, 16]);
    private static readonly KernelAxis s_beyond = new("context", 0, 20, [8, 11, 13, 16]);
    private static readonly KernelAxis s_keys = new("keys", 0, 14, [10]);
    private static readonly KernelAxis s_heads = new("heads", 0, 7, [3, 5, 7]);
    private static readonly KernelAxis s_new = new("tokens", 0, 15, [0, 4, 7, 10, 12, 14]);
    private static readonly KernelAxis s_width = new("head_dim", 6, 9, [6, 7, 8]);
    private static readonly KernelAxis s_bytes = new("bytes", 8, 30, [8, 10, 12, 14, 16, 17, 18, 19, 20, 21, 22, 24, 26, 28, 30]);
    private static readonly KernelAxis s_gpus = new("gpus", 1, 3, [1, 2, 3], Grows: false);
    private static readonly KernelAxis s_spread = new("gpus", 1, 6, [1, 2, 3, 4, 5, 6], Grows: false);

    /// <summary>The axes of each operator, in the order of its corrections; four at most.</summary>
    public static ValueList<KernelAxis> Of(KernelOperator kind) => kind switch
    {
        KernelOperator.Product =>
        [
            new("tokens", 0, 16, [0, 2, 4, 5, 6, 7, 8, 10, 12, 15]),
            new("out", 5, 18, [5, 8, 10, 12, 14, 16]),
            new("in", 5, 17, [5, 8, 10, 12, 14, 16]),
        ],
        KernelOperator.Rounding => [new("tokens", 0, 17, [0, 4, 7, 9, 11, 13, 15]), new("in", 5, 17, [5, 8, 10, 12, 14, 16])],
        KernelOperator.Prefill =>
        [
            new("heads", 0, 13, [0, 3, 6, 9, 12]), s_new, new("keys", 0, 18, [0, 5, 7, 9, 11, 13]), s_width,
        ],
        KernelOperator.Decode =>
        [
            new("kv_heads", 0, 15, [0, 3, 5, 7, 9, 11]), s_context, new("group", 0, 7, [0, 2, 3.5, 5, 5.6]), s_width,
        ],
        KernelOperator.PrefillLatent =>
            [new("heads", 0, 15, [0, 3, 5, 7, 9, 12]), s_new, new("keys", 0, 20, [0, 5, 7, 9, 11, 13])],
        KernelOperator.DecodeLatent => [s_sequences, s_context, new("heads", 0, 7, [0, 2, 4, 5, 6, 7])],
        KernelOperator.PrefillSparse => [new("tokens", 0, 18, [0, 5, 8, 10, 12, 15]), s_beyond, s_keys, s_heads],
        KernelOperator.DecodeSparse => [new("sequences", 0, 11, [0, 3, 6, 8, 10]), s_beyond, s_keys, s_heads],
        KernelOperator.PrefillRecurrent =>
            [s_sequences, s_new, new("heads", 0, 7, [1, 3, 5, 7])],
        KernelOperator.DecodeRecurrent => [s_sequences, new("heads", 0, 7, [1, 3, 5, 7])],
        KernelOperator.Experts =>
        [
            new("assignments", 0, 19, [0, 3, 6, 9, 12, 15]), new("experts", 0, 9, [0, 3, 5, 7, 9]),
            new("inner", 5, 14, [6, 8, 10, 12]), new("tokens", 0, 16, [1, 4, 7, 10, 13], Grows: false),
        ],
        KernelOperator.Streams => [new("tokens", 0, 19, [0, 5, 7, 9, 11, 13, 16]), new("width", 10, 17, [14, 15])],
        KernelOperator.AllToAll => [s_bytes, s_spread],
        _ => [s_bytes, s_gpus],
    };
}
