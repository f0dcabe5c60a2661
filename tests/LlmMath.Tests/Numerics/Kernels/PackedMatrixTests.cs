namespace LlmMath.Tests.Numerics.Kernels;

/// <summary>Bad input is named, memory is freed, threads share and stop.</summary>
public class PackedMatrixTests
{
    [Fact]
    public void AWrongLengthIsNamed()
    {
        Assert.Throws<ArgumentException>("weights", () => PackedMatrix.Pack(MatrixFormat.Fp32, new float[11], 3, 4));
        Assert.Throws<ArgumentException>("blocks", () => PackedMatrix.FromBlocks(MatrixFormat.Q4_0, new byte[17], 1, 32));
        Assert.Throws<ArgumentOutOfRangeException>(
            "columns", () => PackedMatrix.FromBlocks(MatrixFormat.Q4_0, new byte[18], 1, 31));
        Assert.Throws<ArgumentOutOfRangeException>("rows", () => PackedMatrix.Pack(MatrixFormat.Fp32, [], 0, 4));
        Assert.Throws<ArgumentOutOfRangeException>("columns", () => PackedMatrix.Pack(MatrixFormat.Fp32, [], 4, 0));
        using PackedMatrix matrix = Ones();
        Assert.Throws<ArgumentException>("x", () => matrix.Multiply(new float[63], new float[32]));
        Assert.Throws<ArgumentException>("y", () => matrix.Multiply(new float[64], new float[33]));
        Assert.Throws<ArgumentException>("x", () => matrix.Multiply(new float[64], new float[64], vectors: 2));
        Assert.Throws<ArgumentOutOfRangeException>("vectors", () => matrix.Multiply([], [], vectors: 0));
    }

    [Fact]
    public void AnOverlapIsNamed()
    {
        using PackedMatrix matrix = Ones();
        float[] memory = new float[95];
        Assert.Throws<ArgumentException>("y", () => matrix.Multiply(memory.AsSpan(0, 64), memory.AsSpan(63, 32)));
    }

    [Fact]
    public void OptionsThatDoNotFitAreNamed()
    {
        using PackedMatrix matrix = Ones();
        Assert.Throws<ArgumentException>(
            "options", () =>
                matrix.Multiply(new float[64], new float[32], new ProductOptions { Activations = ActivationFormat.Q8 }));
        foreach (KernelPath path in Enum.GetValues<KernelPath>().Where(path => !KernelPaths.IsSupported(path)))
        {
            Assert.Throws<ArgumentException>(
                "options", () => matrix.Multiply(new float[64], new float[32], new ProductOptions { Path = path }));
        }
    }

    /// <summary>Each scale and minimum of each format that has them, infinite and NaN of either sign.</summary>
    public static TheoryData<string, int, int> BadScales()
    {
        var data = new TheoryData<string, int, int>();
        foreach (MatrixFormat format in MatrixFormat.All.Where(format => format.UsualActivations == ActivationFormat.Q8))
        {
            foreach (int at in Samples.HalvesAt(format))
            {
                foreach (int bits in new[] { 0x7C00, 0xFC00, 0x7E00, 0xFE01 })
                {
                    data.Add(format.Name, at, bits);
                }
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(BadScales))]
    public void AScaleThatIsNoNumberIsNamed(string name, int at, int scale)
    {
        MatrixFormat format = MatrixFormat.All.Single(f => f.Name == name);
        byte[] blocks = new byte[format.BlockBytes * 6];
        BitConverter.TryWriteBytes(blocks.AsSpan((format.BlockBytes * 5) + at), (ushort)scale);
        ArgumentException problem =
            Assert.Throws<ArgumentException>(
                "blocks", () => PackedMatrix.FromBlocks(format, blocks, 2, 3 * format.BlockElements));
        Assert.Contains("Row 1, block 2", problem.Message, StringComparison.Ordinal);
        float[] weights = new float[6 * format.BlockElements];
        weights[^2] = float.NaN;
        Assert.Throws<ArgumentException>("weights", () => PackedMatrix.Pack(format, weights, 2, 3 * format.BlockElements));
    }

    [Fact]
    public void ADisposedMatrixThrows()
    {
        PackedMatrix matrix = Ones();
        matrix.Dispose();
        matrix.Dispose();
        Assert.Throws<ObjectDisposedException>(() => matrix.Multiply(new float[64], new float[32]));
    }

    [Fact]
    public void DisposedWorkersThrow()
    {
        using PackedMatrix matrix = Ones();
        var workers = new KernelWorkers(2);
        workers.Dispose();
        workers.Dispose();
        Assert.Throws<ObjectDisposedException>(
            () => matrix.Multiply(new float[64], new float[32], new ProductOptions { Workers = workers }));
        Assert.Throws<ArgumentOutOfRangeException>("threads", () => new KernelWorkers(0));
    }

    [Fact]
    public void SizeIsTheStoredOneWhereRowsAndColumnsAreWhole()
    {
        foreach (MatrixFormat format in MatrixFormat.All)
        {
            using PackedMatrix matrix = PackedMatrix.Pack(format, new float[64 * 512], 64, 512);
            Assert.Equal(64 * 512 / format.BlockElements * format.BlockBytes, matrix.Size.Bytes);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void ThreadsGiveTheSameBits(int threads)
    {
        using var workers = new KernelWorkers(threads);
        foreach (int rows in new[] { 1, 16, 33, 250 })
        {
            byte[] blocks = Samples.Blocks(MatrixFormat.Q4_0, rows, 256, rows);
            using PackedMatrix matrix = PackedMatrix.FromBlocks(MatrixFormat.Q4_0, blocks, rows, 256);
            float[] x = Samples.Vector(256, 1), alone = new float[rows], shared = new float[rows];
            matrix.Multiply(x, alone);
            for (int round = 0; round < 200; round++)
            {
                Array.Clear(shared);
                matrix.Multiply(x, shared, new ProductOptions { Workers = workers });
                Assert.Equal(alone, shared);
            }
        }
    }

    [Fact]
    public async Task CallersShareWorkersAndAMatrix()
    {
        using var workers = new KernelWorkers(2);
        byte[] blocks = Samples.Blocks(MatrixFormat.Q8_0, 100, 320, 1);
        using PackedMatrix matrix = PackedMatrix.FromBlocks(MatrixFormat.Q8_0, blocks, 100, 320);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(seed => Task.Run(() =>
        {
            float[] x = Samples.Vector(320, seed), alone = new float[100], shared = new float[100];
            matrix.Multiply(x, alone);
            for (int round = 0; round < 100; round++)
            {
                matrix.Multiply(x, shared, new ProductOptions { Workers = workers });
                Assert.Equal(alone, shared);
            }
        })));
    }

    [Fact]
    public void ParkedHelpersWake()
    {
        using var workers = new KernelWorkers(2);
        using PackedMatrix matrix = Ones();
        float[] x = [.. Enumerable.Repeat(1f, 64)], y = new float[32];
        for (int round = 0; round < 5; round++)
        {
            Thread.Sleep(20);
            Array.Clear(y);
            matrix.Multiply(x, y, new ProductOptions { Workers = workers });
            Assert.All(y, value => Assert.Equal(64, value));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void CancellationEndsAProduct(int threads)
    {
        using var workers = new KernelWorkers(threads);
        using PackedMatrix matrix = Ones();
        using var cancelled = new CancellationTokenSource();
        var options = new ProductOptions { Workers = workers };
        matrix.Multiply(new float[64], new float[32], options, cancelled.Token);
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => matrix.Multiply(new float[64], new float[32], options, cancelled.Token));
        matrix.Multiply(new float[64], new float[32], options);
    }

    [Fact]
    public async Task CancellationEndsALongProductInTheMiddle()
    {
        // Cancelled when the first vector's result is seen, not after a time: a busy machine may let any time pass.
        const int rows = 1024, columns = 4096, vectors = 32768;
        using PackedMatrix matrix = PackedMatrix.FromRows(MatrixFormat.Bf16, rows, columns, (_, _) => { });
        using var cancelled = new CancellationTokenSource();
        float[] x = new float[columns * vectors], y = new float[rows * vectors];
        Array.Fill(y, float.NaN);
        Task product = Task.Factory.StartNew(
            () => matrix.Multiply(x, y, vectors, null, cancelled.Token), CancellationToken.None,
            TaskCreationOptions.LongRunning, TaskScheduler.Default);
        SpinWait.SpinUntil(() => !float.IsNaN(Volatile.Read(ref y[0])) || product.IsCompleted);
        cancelled.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => product);
        Assert.Equal(0, y[0]);
        Assert.Equal(float.NaN, y[^1]);
    }

    private static PackedMatrix Ones() => PackedMatrix.Pack(MatrixFormat.Fp32, [.. Enumerable.Repeat(1f, 32 * 64)], 32, 64);

    [Fact]
    public void MoreBytesThanALongCountsAreAWrongLength() => Assert.Throws<ArgumentException>(() =>
        PackedMatrix.FromBlocks(MatrixFormat.Fp32, new byte[4], int.MaxValue, int.MaxValue).Dispose());
}
