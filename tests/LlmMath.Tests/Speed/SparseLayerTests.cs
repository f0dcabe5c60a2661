using LlmMath.Architectures;
using LlmMath.Engines.Kernels;
using LlmMath.Models.Attention;
using LlmMath.Speed.Kernels;

namespace LlmMath.Tests.Speed;

/// <summary>Models whose layers no server was measured with, but whose kernels were timed.</summary>
public class SparseLayerTests
{
    private static readonly MixerKernelKind[] s_sparse =
        [MixerKernelKind.CompressedSparse, MixerKernelKind.HeavilyCompressed, MixerKernelKind.Beside];

    [Fact]
    public void AWindowBesideACompressedContextIsReadByItsKernel()
    {
        Architecture flash = ModelCatalog.DeepseekV4Flash.Architecture;
        foreach (Block block in flash.Blocks)
        {
            Assert.Equal(block.Mixers.Count == 2 ? MixerKernelKind.Beside : MixerKernelKind.HeavilyCompressed,
                block.Mixers[0].Kernel.Kind);
            Assert.Equal(128, block.Mixers[^1].Kernel.Window);
        }

        Assert.Equal(s_sparse, flash.Blocks.SelectMany(b => b.Mixers).Select(m => m.Kernel.Kind).Distinct().Order());
    }

    /// <summary>512 of 4-token entries and 128 tokens of the window; of entries of 128 tokens all: 65,536 ÷ 128. Figures: the
    /// config.json of deepseek-ai/DeepSeek-V4-Flash (index_topk, sliding_window, compress_ratios).</summary>
    [Theory]
    [InlineData(4, 512, 65_535, 512 + 128)]
    [InlineData(128, 0, 65_535, 512 + 128)]
    [InlineData(4, 512, 399, 100 + 128)]
    [InlineData(4, 512, 3, 1 + 4)]
    public void ATokenReadsItsWindowAndWhatIsPicked(double entry, double entries, double context, double keys) =>
        Assert.Equal(keys, new AttentionShape(AttentionKind.Csa, 8, 1, 512, 128, 8, entry, entries).SparseKeys(1, context), 9);

    [Theory]
    [InlineData("deepseek-v4-flash", "b200-sxm-180gb", "sglang", Basis.KernelsMeasured)]
    [InlineData("deepseek-v4-flash", "h200-sxm-141gb", "sglang", Basis.Extrapolated)]
    [InlineData("kimi-k3", "b300-sxm-288gb", "sglang", Basis.KernelsMeasured)]
    [InlineData("deepseek-v4-flash", "b200-sxm-180gb", "bound", Basis.Bound)]
    public void TheBasisSaysThatKernelsAloneWereMeasured(string model, string gpu, string engine, Basis basis)
    {
        InferenceEstimate e = Estimate(model, gpu, engine);
        Assert.Equal(basis, e.Basis);
        Assert.True(e.InterTokenLatency.Expected >= Estimate(model, gpu, "bound").InterTokenLatency.Expected);
    }

    [Fact]
    public void AnEngineWithoutTimedKernelsIsRefused() => Assert.Contains("no engine was measured",
        Assert.Throws<EstimateException>(() => Estimate("deepseek-v4-flash", "b200-sxm-180gb", "llama.cpp", WeightFormat.Fp16))
            .Message);

    /// <summary>43 layers, each with four streams of 4,096 around both parts (config.json: hc_mult, hidden_size).</summary>
    [Fact]
    public void StreamsAreMixedInEachLayer()
    {
        SpeedLine line = Estimate("deepseek-v4-flash", "b200-sxm-180gb", "vllm").Explain()
            .Single(line => line.Term == "decode: residual streams");
        double each = DeviceKernels.Of(GpuCatalog.B200Sxm180Gb, "vllm").Streams(2, 4 * 4096);
        Assert.StartsWith("43 × ", line.Formula, StringComparison.Ordinal);
        Assert.Equal(43 * each, line.Seconds, 1e-9);
    }

    [Fact]
    public void KimisDeltaRuleHasKernelsOfItsOwn()
    {
        static MixerKernelKind Kind(ModelDefinition model) =>
            model.Architecture.Blocks.SelectMany(b => b.Mixers).OfType<GatedDeltaNet>().First().Kernel.Kind;
        Assert.Equal(MixerKernelKind.KimiDelta, Kind(ModelCatalog.KimiK3));
        Assert.Equal(MixerKernelKind.GatedDelta, Kind(ModelCatalog.Find("qwen3.5-397b-a17b")));
        var on = DeviceKernels.Of(GpuCatalog.H200Sxm141Gb, "sglang");
        Assert.Equal("kda", on.Rests(KernelOperator.PrefillRecurrent, (int)RecurrentKind.Kda).Profile!.Variant);
    }

    /// <summary>128 channels of 16 bits: three tokens before are read and written, one comes in and goes out (conv_kernel_size 4
    /// in the config.json of Qwen/Qwen3-Next-80B-A3B-Instruct); of new tokens each comes in and goes out.</summary>
    [Fact]
    public void AConvolutionReadsItsTokensAndNoState()
    {
        Assert.Equal(128 * 2 * (3 + 3 + 1 + 1), KernelWork.Convolution(KernelOperator.DecodeRecurrent, [1, 1]).Bytes);
        Assert.Equal(128 * 2 * (1 + 1) * 7, KernelWork.Convolution(KernelOperator.PrefillRecurrent, [1, 7, 1]).Bytes);
        var on = DeviceKernels.Of(GpuCatalog.H200Sxm141Gb, "sglang");
        double rule = on.Recurrent(new(RecurrentKind.GatedDelta, 16, 128, 128, 1), 512, 1);
        Assert.InRange(on.Recurrent(new(RecurrentKind.GatedDelta, 16, 128, 128, 24 * 128), 512, 1), rule, 1.2 * rule);
    }

    private static InferenceEstimate Estimate(string model, string gpu, string engine, WeightFormat? weights = null)
    {
        ModelDefinition of = ModelCatalog.Find(model);
        Engine with = EngineCatalog.Find(engine);
        var on = new Deployment(of, GpuCatalog.Find(gpu), with, weights ?? of.CheckpointFormat!)
        {
            Placement = new() { Tensor = 8 },
        };
        return on.Speed(new(1024, 64, 2));
    }
}
