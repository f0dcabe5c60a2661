using LlmMath.Engines.Kernels;
using LlmMath.Speed.Kernels;

namespace LlmMath.Tests.Speed.Kernels;

/// <summary>Times of kernels over drawn sizes: never less for a larger size, never faster than the hardware,
/// continuous.</summary>
public class KernelPropertyTests
{
    private static readonly Gpu[] s_gpus =
    [
        GpuCatalog.H100Sxm80Gb, GpuCatalog.H200Sxm141Gb, GpuCatalog.B200Sxm180Gb, GpuCatalog.L40s, GpuCatalog.A100Sxm80Gb,
        GpuCatalog.RtxPro6000BlackwellServer, GpuCatalog.Rtx4090,
    ];

    private static readonly string[] s_engines = ["vllm", "tensorrt-llm"];

    /// <summary>A kernel's time over sizes, and the sizes that may only make it longer.</summary>
    private static readonly (string Name, double[] Most, Func<DeviceKernels, int, double[], double> Seconds)[] s_kernels =
    [
        ("product", [40_000, 200_000, 60_000], (on, v, x) => on.Product((KernelFormat)(v % 9), x[0], x[1], x[2])),
        ("rounding", [40_000, 60_000], (on, v, x) => on.Rounding((KernelFormat)(v % 9), x[0], x[1])),
        ("decode", [4_000, 200_000], (on, v, x) => on.DecodeAttention(Grouped(v), x[0], x[1])),
        ("prefill", [300, 20_000, 200_000], (on, v, x) => on.PrefillAttention(Grouped(v), x[0], x[1], x[2])),
        ("latent decode", [4_000, 200_000], (on, v, x) => on.DecodeAttention(Latent(v), x[0], x[1])),
        ("latent prefill", [300, 20_000, 200_000], (on, v, x) => on.PrefillAttention(Latent(v), x[0], x[1], x[2])),
        ("sparse decode", [1_000, 200_000], (on, v, x) => on.DecodeAttention(Sparse(v), x[0], x[1])),
        ("sparse prefill", [300, 20_000, 200_000], (on, v, x) => on.PrefillAttention(Sparse(v), x[0], x[1], x[2])),
        ("recurrent decode", [2_000], (on, v, x) => on.Recurrent(Recurrence(v), x[0], 1)),
        ("recurrent prefill", [100, 40_000], (on, v, x) => on.Recurrent(Recurrence(v), x[0], 2 + x[1])),
        ("experts", [60_000], (on, v, x) => on.Experts(Experts(v), x[0])),
        ("all-reduce", [3e9], (on, v, x) => on.AllReduce(x[0], 2 << (v % 3))),
        ("all-gather", [3e9], (on, v, x) => on.AllGather(x[0], 2 << (v % 3))),
        ("all-to-all", [3e9], (on, v, x) => on.AllToAll(x[0], 2 << (v % 6))),
    ];

    public static TheoryData<string> Names => [.. s_kernels.Select(kernel => kernel.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void LargerIsNeverFaster(string name)
    {
        Draw(name, (seconds, x, random) =>
        {
            int axis = random.Next(x.Length);
            double[] more = [.. x];
            more[axis] *= 1 + (random.NextDouble() * random.Next(1, 8));
            double before = seconds(x), after = seconds(more);
            Assert.True(before is > 0 and < double.PositiveInfinity || name == "rounding", $"{before}");
            Assert.True(after >= before * (1 - 1e-9), $"{string.Join(" × ", x)}: {before}; {string.Join(" × ", more)}: {after}");
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TimeHasNoSteps(string name)
    {
        Draw(name, (seconds, x, random) =>
        {
            double[] more = [.. x.Select(size => size * (1 + 1e-7))];
            Assert.Equal(seconds(x), seconds(more), seconds(x) * 1e-5);
        });
    }

    [Fact]
    public void AProductOfOneShapeTakesTheSameTimeToTheBit()
    {
        var random = new Random(9);
        var on = DeviceKernels.Of(GpuCatalog.H200Sxm141Gb, "vllm");
        for (int i = 0; i < 500; i++)
        {
            var format = (KernelFormat)(i % 9);
            double m = Math.Pow(2, random.NextDouble() * 18), n = random.Next(1, 300_000), k = random.Next(1, 80_000);
            Assert.Equal(on.Product(format, m, n, k), on.ProductOf(format, n, k).Seconds(m, on.ProductCut(m)));
        }
    }

    [Fact]
    public void ProductsAreNeverFasterThanThePeaks()
    {
        Draw("product", (seconds, x, _) => { }, (on, gpu, v, x) =>
        {
            var format = (KernelFormat)(v % 9);
            double bytes = x[1] * x[2] * format.WeightBits() / 8, operations = 2 * x[0] * x[1] * x[2];
            double time = on.Product(format, x[0], x[1], x[2]);
            Assert.True(time >= bytes / gpu.BytesPerSecond!.Value);
            Assert.True(time >= operations / format.Rate(gpu.PeakRates));
        });
    }

    [Fact]
    public void AttentionIsNeverFasterThanThePeaks()
    {
        Draw("prefill", (seconds, x, _) => { }, (on, gpu, v, x) =>
        {
            AttentionShape shape = Grouped(v);
            double keys = Enumerable.Range(1, (int)x[1]).Sum(i =>
                shape.Window > 0 ? Math.Min(shape.Window, Math.Floor(x[2]) + i) : Math.Floor(x[2]) + i);
            double operations = 4 * Math.Floor(x[0]) * shape.Heads * shape.HeadDim * keys;
            double rate = (shape.CacheBits == 8 ? KernelFormat.Fp8 : KernelFormat.Bf16).Rate(gpu.PeakRates);
            double time = on.PrefillAttention(shape, Math.Floor(x[0]), Math.Floor(x[1]), Math.Floor(x[2]));
            Assert.True(time >= operations / rate * (1 - 1e-9));

            double read = x[0] * Math.Min(x[2], shape.Window > 0 ? shape.Window : x[2])
                * shape.KvHeads * shape.HeadDim * shape.CacheBits / 4;
            Assert.True(on.DecodeAttention(shape, x[0], x[2]) >= read / gpu.BytesPerSecond!.Value * (1 - 1e-9));
        });
    }

    [Fact]
    public void CollectivesAreNeverFasterThanTheLink()
    {
        Draw("all-reduce", (seconds, x, _) => { }, (on, gpu, v, x) =>
        {
            Assert.True(on.AllReduce(x[0], 8) >= x[0] / (gpu.LinkBytesPerSecond / 2));
            Assert.Equal(0, on.AllReduce(x[0], 1));
        });
    }

    [Fact]
    public void NothingIsAllocatedOnceTablesAreMade()
    {
        DeviceKernels on = DeviceKernels.Of(GpuCatalog.H100Sxm80Gb, "vllm");
        double sum = Ask(on);
        long before = GC.GetAllocatedBytesForCurrentThread();
        sum += Ask(on);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(sum > 0);

        static double Ask(DeviceKernels on)
        {
            double sum = 0;
            foreach ((string _, double[] most, Func<DeviceKernels, int, double[], double> seconds) in s_kernels)
            {
                sum += seconds(on, 0, most);
            }

            return sum;
        }
    }

    private static void Draw(string name, Action<Func<double[], double>, double[], Random> check,
        Action<DeviceKernels, Gpu, int, double[]>? peaks = null)
    {
        var random = new Random(14);
        (string _, double[] most, Func<DeviceKernels, int, double[], double> seconds) = s_kernels.Single(k => k.Name == name);
        for (int i = 0; i < 300; i++)
        {
            Gpu gpu = s_gpus[random.Next(s_gpus.Length)];
            DeviceKernels on = DeviceKernels.Of(gpu, s_engines[random.Next(s_engines.Length)]);
            int v = random.Next(1 << 20);
            double[] x = [.. most.Select(size => Math.Pow(size, random.NextDouble()))];
            check(at => seconds(on, v, at), x, random);
            peaks?.Invoke(on, gpu, v, x);
        }
    }

    private static AttentionShape Grouped(int v) => new(AttentionKind.Grouped, 8 << (v % 4), 1 << (v / 4 % 4),
        64 << (v / 16 % 3), v / 64 % 3 == 0 ? 128 << (v / 256 % 4) : 0, v / 4096 % 2 == 0 ? 16 : 8);

    private static AttentionShape Latent(int v) => new(AttentionKind.Latent, 1 << (v % 8), 1, 576, 0, v / 8 % 2 == 0 ? 16 : 8);

    private static AttentionShape Sparse(int v) => new(AttentionKind.Dsa + (v % 4), 8 << (v / 4 % 4), 1, 512, v / 16 % 2 * 128,
        EntryTokens: 1 << (v / 32 % 8), Entries: v / 256 % 2 * 512);

    private static RecurrentShape Recurrence(int v) => new((RecurrentKind)(v % 3), 8 << (v / 4 % 4), 128, 128, 2048);

    private static ExpertShape Experts(int v) => new(2048 << (v % 3), 256 << (v / 4 % 4), 8 << (v / 16 % 4), 256, 8,
        (KernelFormat)(v / 64 % 7));
}
