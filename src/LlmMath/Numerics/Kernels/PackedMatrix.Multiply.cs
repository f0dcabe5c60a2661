using System.Buffers;
using System.Globalization;
using LlmMath.Numerics.Kernels;

namespace LlmMath.Numerics;

public sealed partial class PackedMatrix
{
    // Bytes of all vectors of a pass: beyond that, fewer vectors at once.
    private const int MostScratch = 1 << 30;

    /// <summary>y = W · x.</summary>
    /// <param name="x">A value a column. Where activations are Q8, a NaN or an infinity makes all of y NaN.</param>
    /// <param name="y">A value a row; written, not added to.</param>
    /// <param name="options">How; null for the usual.</param>
    /// <param name="cancellation">Ends a long product between groups of rows; some of y is written then.</param>
    /// <exception cref="ArgumentException">A span has another length, the two overlap, or the options do not fit the matrix or
    /// the processor.</exception>
    /// <exception cref="ObjectDisposedException">The matrix or the workers are disposed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void Multiply(
        ReadOnlySpan<float> x, Span<float> y, ProductOptions? options = null, CancellationToken cancellation = default) =>
        Multiply(x, y, 1, options, cancellation);

    /// <summary>Y = W · X for several vectors: the weights are read once for up to 16 of them.</summary>
    /// <param name="x">The vectors, one after another.</param>
    /// <param name="y">Their products, one after another.</param>
    /// <param name="vectors">How many, 1 or more.</param>
    /// <param name="options">How; null for the usual.</param>
    /// <param name="cancellation">Ends a long product between groups of rows; some of y is written then.</param>
    /// <exception cref="ArgumentException">A span has another length, the two overlap, or the options do not fit the matrix or
    /// the processor.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="vectors"/> is below 1.</exception>
    /// <exception cref="ObjectDisposedException">The matrix or the workers are disposed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void Multiply(
        ReadOnlySpan<float> x, Span<float> y, int vectors, ProductOptions? options = null,
        CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(vectors);
        RequireVectors(x.Length, Columns, vectors, nameof(x));
        RequireVectors(y.Length, Rows, vectors, nameof(y));
        if (x.Overlaps(y))
        {
            throw new ArgumentException("The result overlaps the vector.", nameof(y));
        }

        ProductKernel kernel = Kernel(options ??= ProductOptions.Default);
        bool isHeld = false;
        ObjectDisposedException.ThrowIf(_memory.IsClosed, this);
        _memory.DangerousAddRef(ref isHeld);
        try
        {
            cancellation.ThrowIfCancellationRequested();
            int most = Math.Clamp(MostScratch / Stride(kernel), 1, RowGroups.MostVectors);
            for (int first = 0; first < vectors; first += most)
            {
                int count = Math.Min(most, vectors - first);
                Pass(kernel, x.Slice(first * Columns, count * Columns), y.Slice(first * Rows, count * Rows), count,
                    options.Workers, cancellation);
            }
        }
        finally
        {
            _memory.DangerousRelease();
        }
    }

    /// <summary>Up to 16 vectors.</summary>
    private unsafe void Pass(
        ProductKernel kernel, ReadOnlySpan<float> x, Span<float> y, int vectors, KernelWorkers? workers,
        CancellationToken cancellation)
    {
        const int factorBytes = 2 * sizeof(float) * RowGroups.MostVectors;
        int stride = Stride(kernel);
        byte[] scratch = ArrayPool<byte>.Shared.Rent((stride * vectors) + factorBytes + RowGroups.LineBytes);
        try
        {
            fixed (float* source = x, result = y)
            fixed (byte* rented = scratch)
            {
                var aligned = (byte*)(((nint)rented + RowGroups.LineBytes - 1) & ~(RowGroups.LineBytes - 1));
                ProductCall call = new()
                {
                    Weights = _memory.Address, Ahead = RowGroups.Ahead(_layout.Bytes, workers?.Threads ?? 1),
                    X = aligned + factorBytes, XStride = stride, Factors = (float*)aligned, Y = result,
                    Rows = Rows, Tiles = _layout.Tiles, Vectors = vectors,
                };
                bool isInPlace = kernel.TakesFloats && stride == Columns * sizeof(float);
                if (isInPlace)
                {
                    call.X = (byte*)source;
                    new Span<float>(call.Factors, 2 * vectors).Fill(1);
                }

                for (int vector = 0; vector < vectors && !isInPlace; vector++)
                {
                    kernel.Prepare(new ActivationCall(
                        (nint)(source + ((long)vector * Columns)), Columns, (nint)(call.X + ((long)vector * stride)), stride,
                        (nint)(call.Factors + (2 * vector))));
                }

                if (workers is null && !cancellation.CanBeCanceled)
                {
                    kernel.Run(&call, 0, _layout.Groups);
                }
                else
                {
                    new SharedProduct(kernel, (nint)(&call), _layout, workers?.Threads ?? 1, cancellation).Run(workers);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    // Bytes of a vector as a kernel takes it.
    private int Stride(ProductKernel kernel) => _layout.Tiles * kernel.ActivationBytes;

    private ProductKernel Kernel(ProductOptions options)
    {
        if (!KernelPaths.IsSupported(options.Path))
        {
            throw new ArgumentException($"This processor does not have the path {options.Path}.", nameof(options));
        }

        ActivationFormat activations = options.Activations ?? Format.UsualActivations;
        return Format.Kernel(activations, options.Path, _hasSpecials)
            ?? throw new ArgumentException($"{Format} weights meet fp32 activations, not {activations}.", nameof(options));
    }

    private static void RequireVectors(int length, int each, int vectors, string name)
    {
        if (length != (long)each * vectors)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"{vectors} × {each:N0} values are wanted, not {length:N0}."), name);
        }
    }
}
