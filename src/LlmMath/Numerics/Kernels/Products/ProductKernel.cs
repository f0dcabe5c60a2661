namespace LlmMath.Numerics.Kernels;

/// <summary>A product compiled for one instruction set.</summary>
internal sealed unsafe class ProductKernel
{
    private readonly delegate*<in ActivationCall, void> _prepare;
    private readonly delegate*<ProductCall*, int, int, void> _run;

    private ProductKernel(delegate*<in ActivationCall, void> prepare, delegate*<ProductCall*, int, int, void> run, int lines,
        int activationBytes, bool takesFloats)
    {
        _prepare = prepare;
        _run = run;
        (TileLines, ActivationBytes, TakesFloats) = (lines, activationBytes, takesFloats);
    }

    /// <summary>Lines of a tile of the matrix.</summary>
    public int TileLines { get; }

    /// <summary>Bytes of prepared activations for a tile.</summary>
    public int ActivationBytes { get; }

    /// <inheritdoc cref="IProduct{TSimd, TInt, TFloat}.TakesFloats"/>
    public bool TakesFloats { get; }

    public static ProductKernel Of<TProduct, TSimd, TInt, TFloat>()
        where TProduct : struct, IProduct<TSimd, TInt, TFloat>
        where TSimd : struct, ISimd<TInt, TFloat>
        where TInt : struct
        where TFloat : struct =>
        new(
            &Prepare<TProduct, TSimd, TInt, TFloat>, &RowGroups.Run<TProduct, TSimd, TInt, TFloat>, TProduct.TileLines,
            TProduct.ActivationBytes,
            TProduct.TakesFloats);

    public void Prepare(in ActivationCall call) => _prepare(call);

    public void Run(ProductCall* call, int first, int end) => _run(call, first, end);

    private static void Prepare<TProduct, TSimd, TInt, TFloat>(in ActivationCall call)
        where TProduct : struct, IProduct<TSimd, TInt, TFloat>
        where TSimd : struct, ISimd<TInt, TFloat>
        where TInt : struct
        where TFloat : struct => TProduct.Prepare(call);
}
