using LlmMath.Cli.Bench.Peers;
using LlmMath.Numerics;

namespace LlmMath.Cli.Bench;

/// <summary>Measures products beside their peers: in one process, in turn, each with its own copy of the weights, threads
/// pinned.</summary>
internal sealed class KernelBench(OpenBlas? openBlas, Ggml? ggml, int rounds) : IDisposable
{
    private const string Own = "llmmath", Limit = "read";

    private readonly Dictionary<int, KernelWorkers> _workers = [];

    /// <summary>The build of ggml that is measured, if any.</summary>
    public string? Build => ggml?.Build;

    /// <summary>Measures one case: this library first, then the peers.</summary>
    public IReadOnlyList<BenchResult> Measure(BenchCase what)
    {
        MatrixFormat format = what.Kernel.Format;
        double rowBytes = (double)what.Columns / format.BlockElements * format.BlockBytes;
        int rows = Math.Max(16, (int)(what.Level.Bytes(what.Threads) / rowBytes / 32) * 32);
        var matrix = new BenchMatrix(format, rows, what.Columns, what.Vectors);
        List<Contender> contenders = [.. Contenders(what, matrix)];
        try
        {
            double[][] seconds = RoundRobin.Measure(contenders, rounds);
            RequireAgreement(contenders);
            double limit = RoundRobin.Median(seconds[1].Select(s => matrix.Bytes / s));
            return
            [
                .. contenders.Select((contender, i) => (contender, i)).Where(c => c.contender.Name != Limit)
                    .Select(c => new BenchResult(
                    what, rows, c.contender.Name, Rates(matrix.Bytes, seconds[c.i]), limit,
                    contenders.Select((peer, j) => (peer, j))
                        .Where(p => p.peer.Name is not (Own or Limit) && p.peer != c.contender)
                        .ToDictionary(p => p.peer.Name, p =>
                            RoundRobin.Median(seconds[p.j].Zip(seconds[c.i], (peer, own) => peer / own))))),
            ];
        }
        finally
        {
            contenders.ForEach(contender => contender.Dispose());
        }
    }

    public void Dispose()
    {
        foreach (KernelWorkers workers in _workers.Values)
        {
            workers.Dispose();
        }
    }

    private static (double, double, double) Rates(long bytes, double[] seconds)
    {
        double[] rates = [.. seconds.Select(s => bytes / s)];
        return (RoundRobin.Median(rates), rates.Min(), rates.Max());
    }

    private IEnumerable<Contender> Contenders(BenchCase what, BenchMatrix matrix)
    {
        KernelWorkers? workers = Workers(what.Threads);
        yield return OwnProduct(what.Kernel, matrix, workers);
        var probe = new ReadProbe(matrix.Bytes);
        yield return new Contender(Limit, () => probe.Read(workers), () => [], probe.Dispose) { Sleep = Park };
        if (ggml is not null)
        {
            yield return ggml.Contend(matrix, what.Threads);
        }

        if (openBlas is not null && matrix.Format == MatrixFormat.Fp32 && matrix.Vectors == 1)
        {
            yield return openBlas.Contend(matrix, what.Threads);
        }
    }

    private static Contender OwnProduct(BenchKernel kernel, BenchMatrix matrix, KernelWorkers? workers)
    {
        PackedMatrix packed = matrix.Pack();
        float[] y = new float[matrix.Rows * matrix.Vectors];
        var options = new ProductOptions { Activations = kernel.Activations, Path = kernel.Path, Workers = workers };
        return new Contender(
            Own, () => packed.Multiply(matrix.X, y, matrix.Vectors, options), () => y, packed.Dispose) { Sleep = Park };
    }

    /// <summary>Until this library's helpers have parked.</summary>
    private static void Park() => Thread.Sleep(1);

    private KernelWorkers? Workers(int threads)
    {
        if (threads == 1)
        {
            return null;
        }

        if (!_workers.TryGetValue(threads, out KernelWorkers? workers))
        {
            _workers[threads] = workers = new KernelWorkers(threads, Cores.PinCaller);
        }

        return workers;
    }

    /// <summary>A fast wrong product is no contender: results agree within what rounding activations to 8 or 16 bits
    /// does.</summary>
    private static void RequireAgreement(List<Contender> contenders)
    {
        float[] own = contenders[0].Result();
        double scale = Math.Sqrt(own.Sum(y => (double)y * y));
        foreach (Contender peer in contenders.Where(contender => contender.Name is not (Own or Limit)))
        {
            double error = Math.Sqrt(own.Zip(peer.Result(), (a, b) => ((double)a - b) * ((double)a - b)).Sum()) / scale;
            if (!(error < 0.02))
            {
                throw new CliException($"{peer.Name}: its product is another one, by {error:P1} of the root mean square.");
            }
        }
    }
}
