using System.Runtime.InteropServices;

namespace LlmMath.Cli.Bench.Peers;

/// <summary>OpenBLAS's sgemv, by its C interface (cblas.h), from the system's shared library.</summary>
internal sealed unsafe class OpenBlas
{
    private const int RowMajor = 101, NoTranspose = 111;

    /// <summary>Idle threads of OpenBLAS spin for a while after a call; a sample of another contender waits until they
    /// sleep.</summary>
    private const int SpinMilliseconds = 40;

    private readonly delegate* unmanaged<int, int, int, int, float, float*, int, float*, int, float, float*, int, void> _sgemv;
    private readonly delegate* unmanaged<int, void> _setThreads;

    private OpenBlas(nint library)
    {
        _sgemv =
            (delegate* unmanaged<int, int, int, int, float, float*, int, float*, int, float, float*, int, void>)
            NativeLibrary.GetExport(library, "cblas_sgemv");
        _setThreads = (delegate* unmanaged<int, void>)NativeLibrary.GetExport(library, "openblas_set_num_threads");
    }

    /// <summary>Loads it. To be called before the caller is pinned, since its threads start here and inherit the caller's
    /// cores.</summary>
    /// <returns>Null where the machine has none.</returns>
    public static OpenBlas? Load()
    {
        HashSet<int> before = Cores.Threads();
        if (!NativeLibrary.TryLoad("libopenblas.so.0", out nint library) && !NativeLibrary.TryLoad("openblas", out library))
        {
            return null;
        }

        var blas = new OpenBlas(library);
        int core = 1;
        foreach (int thread in Cores.Threads().Where(thread => !before.Contains(thread)).Order())
        {
            Cores.Pin(thread, core++);
        }

        return blas;
    }

    public Contender Contend(BenchMatrix matrix, int threads)
    {
        (int rows, int columns) = (matrix.Rows, matrix.Columns);
        var weights = (float*)NativeMemory.AlignedAlloc((nuint)rows * (nuint)columns * sizeof(float), 64);
        var x = (float*)NativeMemory.AlignedAlloc((nuint)columns * sizeof(float), 64);
        var y = (float*)NativeMemory.AlignedAlloc((nuint)rows * sizeof(float), 64);
        for (int row = 0; row < rows; row++)
        {
            matrix.Row(row).CopyTo(new Span<byte>(weights + ((long)row * columns), columns * sizeof(float)));
        }

        matrix.X.CopyTo(new Span<float>(x, columns));
        return new Contender(
            "openblas",
            () => _sgemv(RowMajor, NoTranspose, rows, columns, 1, weights, columns, x, 1, 0, y, 1),
            () => new Span<float>(y, rows).ToArray(),
            () =>
            {
                NativeMemory.AlignedFree(weights);
                NativeMemory.AlignedFree(x);
                NativeMemory.AlignedFree(y);
            })
        {
            Wake = () => _setThreads(threads),
            Sleep = () => Thread.Sleep(threads > 1 ? SpinMilliseconds : 0),
        };
    }
}
