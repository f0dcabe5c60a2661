using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using LlmMath.Engines.Kernels;

namespace LlmMath.Speed.Kernels;

/// <summary>
/// How long kernels take on a GPU as an engine runs them: forms fitted on timings of single kernels (catalog/kernels), never
/// faster
/// than bytes ÷ bandwidth or operations ÷ dense peak rate, continuous, and never less for a larger size. Times are in
/// seconds and sizes
/// are those of one GPU. Tables are made when they are first asked for; after that nothing is allocated.
/// </summary>
internal sealed partial class DeviceKernels
{
    private const int MostVariants = 9;

    private static readonly ConditionalWeakTable<Gpu, ConcurrentDictionary<string, DeviceKernels>> s_known = [];

    private readonly Gpu _gpu;
    private readonly string _engine;
    private readonly double _bytesPerSecond, _linkBytesPerSecond;
    private readonly KernelTable?[] _tables = new KernelTable?[((int)KernelOperator.AllToAll + 1) * MostVariants];

    private DeviceKernels(Gpu gpu, string engine)
    {
        (_gpu, _engine) = (gpu, engine == "tensorrt-llm" ? "trtllm" : engine);
        _bytesPerSecond = gpu.BytesPerSecond ?? throw new EstimateException("Gpu",
            $"{gpu.Name} has no bandwidth in the catalog.", "Give a GPU with BytesPerSecond.");
        _linkBytesPerSecond = gpu.LinkBytesPerSecond / 2;
    }

    /// <summary>The kernels of a GPU and an engine: the same object each time.</summary>
    /// <param name="gpu">The GPU.</param>
    /// <param name="engineFamily">The engine's name: <c>vllm</c>, <c>sglang</c>, <c>tensorrt-llm</c>; any other
    /// borrows.</param>
    /// <exception cref="EstimateException">The GPU's bandwidth is not known.</exception>
    public static DeviceKernels Of(Gpu gpu, string engineFamily) =>
        s_known.GetOrCreateValue(gpu).GetOrAdd(engineFamily, static (engine, of) => new(of, engine), gpu);

    /// <summary>Seconds of a matrix product: <paramref name="m"/> tokens with weights of <paramref name="n"/> ×
    /// <paramref name="k"/>. Where the format rounds activations, that is included, as in the timings.</summary>
    /// <param name="format">How weights are held and multiplied.</param>
    /// <param name="m">Tokens.</param>
    /// <param name="n">Width of the result.</param>
    /// <param name="k">Width of the input.</param>
    public double Product(KernelFormat format, double m, double n, double k) =>
        Floor(Table(KernelOperator.Product, (int)format).Seconds(1, m, n, k),
            KernelWork.Product(format.WeightBits(), 16, m, n, k), Rate(format));

    /// <summary>The same with weights of one shape, to the bit, found sooner.</summary>
    public ProductTime ProductOf(KernelFormat format, double n, double k) =>
        new(Table(KernelOperator.Product, (int)format).Along(n, k), format.WeightBits(), n, k, Rate(format), _bytesPerSecond);

    /// <summary>Where so many tokens lie in the tables of products.</summary>
    public LogCut ProductCut(double tokens) => Table(KernelOperator.Product, (int)KernelFormat.Bf16).Cut(tokens);

    /// <summary>Seconds of rounding alone, which <see cref="Product"/> includes: <paramref name="m"/> tokens of width
    /// <paramref name="k"/> to the format's activations; 0
    /// where it
    /// leaves them in 16 bits.</summary>
    public double Rounding(KernelFormat format, double m, double k) => !format.RoundsActivations()
        ? 0
        : Table(KernelOperator.Rounding, (int)format).Seconds(1, 1, m, k);

    /// <summary>Seconds of the gated feed-forward of a layer's experts, on the GPU that is touched most. Tokens choose experts
    /// by a power law of exponent 1.01 to 1.2, as timed; where a GPU holds whole experts, the timing is that of the GPU with the
    /// most tokens: github:ai-dynamo/aiconfigurator@526f823b0, collector/helper.py,
    /// <c>_generate_power_law_distribution</c>.</summary>
    /// <param name="shape">The layer.</param>
    /// <param name="tokens">Tokens of the whole step, before they are spread over experts.</param>
    public double Experts(in ExpertShape shape, double tokens) =>
        Table(KernelOperator.Experts, (int)shape.Format).Seconds(tokens * shape.PerToken * shape.Experts / shape.AllExperts,
            shape.Experts, shape.Inner * shape.Hidden / KernelWork.ExpertWidth, tokens * shape.Hidden / KernelWork.ExpertWidth);

    /// <summary>Seconds that the launch of experts takes of their timing: in formats of which one is never slower than another
    /// the same.</summary>
    public double ExpertLaunch(KernelFormat format) =>
        Launch(KernelOperator.Experts, (int)(format.RoundsAsItsNorm() ? KernelFormat.Bf16 : format));

    /// <summary>What a kind of kernel rests on.</summary>
    /// <param name="kind">What the kernel does.</param>
    /// <param name="variant">The format for products, rounding and experts; what <see cref="Variant"/>
    /// says for
    /// attention; 0 for collectives.</param>
    public KernelFound Rests(KernelOperator kind, int variant) => Table(kind, variant).Found;

    public static double Floor(double seconds, in KernelWork least, double rate, double bytesPerSecond) =>
        Math.Max(seconds, Math.Max(least.Bytes / bytesPerSecond, least.Operations == 0 ? 0 : least.Operations / rate));

    private double Floor(double seconds, in KernelWork least, double rate) => Floor(seconds, least, rate, _bytesPerSecond);

    private double Launch(KernelOperator kind, int variant) => Table(kind, variant).Found.Profile?.Form.Launch ?? 0;

    private double Rate(KernelFormat format) => format.Rate(_gpu.PeakRates);

    private KernelTable Table(KernelOperator kind, int variant) =>
        _tables[Place(kind, variant)] ??= Make(kind, variant);

    private static int Place(KernelOperator kind, int variant) => ((int)kind * MostVariants) + variant;

    // Engines of which the same timings are the nearest share a table.
    private KernelTable Make(KernelOperator kind, int variant)
    {
        string[] names = KernelVariants.Of(kind, variant, _engine);
        KernelFound found = KernelLookup.Find(_gpu, _engine, kind, names);
        var peaks = KernelPeaks.Of(kind, names[0], _gpu);
        int[] wider = KernelVariants.Wider(kind, variant);
        foreach (DeviceKernels other in s_known.GetOrCreateValue(_gpu).Values)
        {
            if (other._tables[Place(kind, variant)] is { } known && known.IsOf(found, peaks)
                && wider.All(of => other._tables[Place(kind, of)] == Table(kind, of)))
            {
                return known;
            }
        }

        var table = new KernelTable(kind, found, peaks);
        foreach (int of in wider)
        {
            table.Cap(Table(kind, of));
        }

        return table;
    }
}
