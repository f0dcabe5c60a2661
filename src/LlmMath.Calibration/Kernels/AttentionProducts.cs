using System.Collections.Concurrent;
using LlmMath.Architectures;
using LlmMath.Engines.Kernels;
using LlmMath.Models.Attention;
using LlmMath.Placement.Work;
using LlmMath.Speed.Kernels;
using LlmMath.Speed.Pass;

namespace LlmMath.Calibration.Kernels;

/// <summary>The projections of a model's sparse attention layer as one GPU makes them: timings of whole layers hold them, and a
/// pass counts them as products of their own.</summary>
internal sealed class AttentionProducts
{
    private static readonly ConcurrentDictionary<(string, string, string, double), AttentionProducts> s_known = new();

    private readonly MatrixProduct[] _products;
    private readonly SequenceMixer _mixer;

    private AttentionProducts(string model, string kind, string format, double heads)
    {
        Model = NameOf(model);
        Architecture whole = ModelCatalog.Find(Model).Architecture;
        Block block = whole.Blocks.First(block => block.Mixers.Any(mixer => IsOf(mixer, kind)));
        _mixer = block.Mixers.First(mixer => IsOf(mixer, kind));
        Architecture alone = whole with
        {
            Blocks =
            [
                block with
                {
                    Layers = [block.Layers[0]],
                    Tensors = [.. block.Tensors.Where(tensor => tensor.Role == TensorRole.Attention)],
                },
            ],
        };
        WeightFormat weights = format switch
        {
            "bfloat16" => WeightFormat.Bf16,
            "nvfp4" => WeightFormat.Nvfp4,
            _ => WeightFormat.Fp8,
        };
        _products = ModelProducts.Of(alone, weights, (int)Math.Max(1, _mixer.Kernel.Heads / heads)).Blocks;
    }

    /// <summary>The model's name in the catalog.</summary>
    public string Model { get; }

    /// <summary>Those of a layer.</summary>
    /// <param name="model">The model, as the timings name it.</param>
    /// <param name="kind">The kind of its attention.</param>
    /// <param name="format">The format of its projections, as the timings name it.</param>
    /// <param name="heads">Heads on the GPU.</param>
    public static AttentionProducts Of(string model, string kind, string format, double heads) =>
        s_known.GetOrAdd((model, kind, format, heads), static of => new(of.Item1, of.Item2, of.Item3, of.Item4));

    /// <summary>Seconds of them for so many tokens.</summary>
    public double Seconds(string gpu, string engine, double tokens)
    {
        var device = DeviceKernels.Of(GpuCatalog.Find(gpu), engine);
        return _products.Sum(product => product.Layers * device.Product(product.Width switch
        {
            ElementWidth.Wide => KernelFormat.Bf16,
            ElementWidth.Eight => KernelFormat.Fp8Block,
            _ => KernelFormat.Nvfp4,
        }, tokens, product.Outputs, product.Inputs));
    }

    /// <summary>Keys that a token reads on average, of so many new ones after a context.</summary>
    public double Keys(double tokens, double context) => new AttentionShape(AttentionKind.Dsa, 1, 1, 1,
        _mixer.Kernel.Window, 16, _mixer.Work.TokensPerEntry, _mixer.Work.PairLimit ?? 0).SparseKeys(tokens, context);

    private static bool IsOf(SequenceMixer mixer, string kind) => kind == "dsa"
        ? mixer is LatentAttention { Indexer.IsShared: false }
        : KernelTime.AttentionOf(mixer.Kernel.Kind) == KernelVariants.SparseKind(kind) && mixer is not SharedKeyValueAttention;

    private static string NameOf(string model) => model switch
    {
        "deepseek-ai/DeepSeek-V4-Pro" or "sgl-project/DeepSeek-V4-Pro-FP8" => "deepseek-v4-pro",
        "sgl-project/DeepSeek-V4-Flash-FP8" => "deepseek-v4-flash",
        "MiniMaxAI/MiniMax-M3" => "minimax-m3",
        "deepseek-ai/DeepSeek-V3.2" => "deepseek-v3.2",
        _ when model.Contains("GLM-5", StringComparison.Ordinal) => "glm-5",
        _ => throw new InvalidOperationException($"{KernelTimings.Folder}: {model} is no model of the catalog."),
    };
}
