using LlmMath.Formats;
using LlmMath.Models;
using LlmMath.Placement;

namespace LlmMath.Tests.Memory;

/// <summary>Each tensor of each model lies somewhere in every engine, and what is there more than once is a line of its
/// own.</summary>
public class WeightPlacementTests
{
    private const string Again = "weights that several GPUs hold whole",
        Rounded = "weights, each GPU's share in whole bytes";

    // A few of each way of storing: plain, with scales, in llama.cpp's mixes, padded, MLX's.
    private static readonly WeightFormat[] s_formats = [.. new[] { "bf16", "fp16", "fp8", "mxfp4", "gptq-4bit-128g", "q4_k_m",
        "q8_0", "mlx-4bit" }.Select(WeightFormat.Find)];

    private static readonly Engine?[] s_engines = [null, .. EngineCatalog.All];

    [Fact]
    public void OnOneGpuAndItsHostLieTheTensorsToTheByte() => Each(engine =>
        Each(new Parallelism(), engine, (model, setup, e, lines) =>
        {
            PlacedModel on = e.Deployment.Placed;
            long tensors = model.WeightMemory(on.Format).Bytes;

            Assert.Equal(tensors, e.Weights.Bytes);
            Assert.Equal(tensors, e.PerGpuWeights.Bytes + on.HostWeights);
            Assert.Equal(tensors, lines.Sum(line => line.Value));
            Assert.DoesNotContain(lines, line => line.Term is Again or Rounded);
        }));

    [Fact]
    public void OverGpusEachReasonForMoreThanTheTensorsIsALine() => Each(engine =>
    {
        // Each engine with a quarter of the models, and each model in a quarter of the engines.
        int turn = Array.IndexOf(s_engines, engine);
        foreach (Parallelism over in new Parallelism[]
        {
            new() { Tensor = 2 }, new() { Pipeline = 2 }, new() { Data = 3 }, new() { Tensor = 4, Pipeline = 3, Data = 2 },
        })
        {
            Each(over, engine, (model, setup, e, lines) =>
            {
                long tensors = model.WeightMemory(e.Deployment.Placed.Format).Bytes;
                long rounded = Line(lines, Rounded);

                Assert.Equal(over.Data * tensors, Line(lines, "weights")
                    + lines.Where(line => line.Term.StartsWith("weights, padded", StringComparison.Ordinal))
                    .Sum(line => line.Value));
                Assert.Equal(e.Weights.Bytes, lines.Sum(line => line.Value));
                Assert.All(lines, line => Assert.True(line.Value > 0, line.Term));
                Assert.True(rounded < over.Gpus * Kinds(model), $"{model.Name}, {over}: {rounded} bytes");
                Assert.True(over is not { Tensor: 1, Pipeline: 1 } || Line(lines, Again) == 0, model.Name);
            }, turn, 4);
        }
    });

    /// <summary>What vLLM and Megatron hold whole on each GPU: whatever has no rows to divide, routers, latent attention's way
    /// down; here 2 bytes an element.</summary>
    [Fact]
    public void TensorParallelGpusHoldAgainWhatCannotBeDivided()
    {
        int models = 0;
        foreach (ModelDefinition model in ModelCatalog.All)
        {
            Architecture a = model.Architecture;
            var over = new Parallelism { Tensor = 4 };
            bool divides = over.Allows(a) && a.Blocks.All(block =>
                block.Mixers.All(mixer => mixer.Cache.Heads % 4 == 0));
            if (divides)
            {
                models++;
                MemoryEstimate e = model.InferenceMemory(new MemoryQuestion(WeightFormat.Bf16) { Parallelism = over });
                long whole = a.Inputs.Concat(a.Outputs).Where(IsWhole).Sum(tensor => tensor.Elements)
                    + a.Blocks.Sum(block => block.Tensors.Where(IsWhole).Sum(tensor => tensor.Elements
                        * (tensor.Name.Contains(TensorNames.Layer, StringComparison.Ordinal) ? block.Layers.Count : 1)));

                Assert.Equal(3 * 2 * whole, Line(e.Explain(), Again));
            }
        }

        Assert.True(models > 100);

        static bool IsWhole(Tensor tensor) => tensor.TiedTo is null && tensor.Role != TensorRole.Expert
            && tensor.Kind is MatrixKind.None or MatrixKind.Router or MatrixKind.Replicated;
    }

    [Fact]
    public void ExpertsThatReplicasShareCountOnce()
    {
        ModelDefinition v3 = ModelCatalog.DeepseekV3;
        long experts = v3.Architecture.Blocks.Sum(block => block.Layers.Count
            * block.Tensors.Where(tensor => tensor.Role == TensorRole.Expert).Sum(tensor => tensor.Elements));
        MemoryEstimate e = v3.InferenceMemory(new MemoryQuestion(WeightFormat.Bf16)
        {
            Parallelism = new() { Tensor = 8, Data = 2, Expert = 16 },
        });

        Assert.Equal((2 * v3.WeightMemory(WeightFormat.Bf16).Bytes) - (2 * experts), Line(e.Explain(), "weights"));
        Assert.Equal(e.Weights.Bytes, Weights(e).Sum(line => line.Value));
    }

    /// <summary>262,144 rows of 35 layers × 256 in blocks of 32 elements and 34 bytes; the projection and norm beside them are of
    /// the first layer, on the GPU.</summary>
    [Fact]
    public void PerLayerEmbeddingsAreInSystemMemoryWhereTheHeadIsTied()
    {
        ModelDefinition gemma = ModelCatalog.Find("gemma-4-e2b-it");
        var setup = new MemoryQuestion(WeightFormat.Q8) { Engine = EngineCatalog.LlamaCpp };
        Assert.Equal(262_144L * 35 * 256 / 32 * 34, setup.Of(gemma).Placed.HostWeights);
        Assert.Equal(gemma.WeightMemory(WeightFormat.Q8), gemma.InferenceMemory(setup).Weights);
    }

    [Fact]
    public void WhatSharedMemoryCannotHoldDoesNotFit()
    {
        Gpu m1 = GpuCatalog.Find("apple-m1");
        MemoryEstimate e = ModelCatalog.Find("gemma-4-e4b-it").InferenceMemory(new MemoryQuestion(WeightFormat.Find("gguf-f16"))
        {
            Engine = EngineCatalog.LlamaCpp.On(m1), Context = 8192,
        });

        Assert.False(e.FitsOn(m1));
        Assert.True(e.FitOn(m1).Need.Bytes > e.Weights.Bytes);
    }

    [Fact]
    public void AKnownCheckpointIsSharedOutToTheByte()
    {
        foreach (ModelDefinition model in new[] { ModelCatalog.Gpt2, ModelCatalog.Find("gemma-4-e2b-it"),
            ModelCatalog.Llama3_1_8b })
        {
            var setup = new MemoryQuestion(WeightFormat.Q8) { StoredWeights = new(338_600_017), Engine = EngineCatalog.LlamaCpp };
            MemoryEstimate e = model.InferenceMemory(setup);

            Assert.Equal(338_600_017, e.Weights.Bytes);
            Assert.Equal(338_600_017, Line(e.Explain(), "weights"));
            Assert.True(e.Deployment.Placed.HostWeights > 0);
        }
    }

    [Fact]
    public void LayersOfferedToAGpuLoseNoTensor()
    {
        ModelDefinition gemma = ModelCatalog.Find("gemma-4-e2b-it");
        var setup = new MemoryQuestion(WeightFormat.Q8) { Engine = EngineCatalog.LlamaCpp, Context = 1024 };
        MemoryEstimate whole = gemma.InferenceMemory(setup);
        LayerOffload all = gemma.GpuLayers(setup, GpuCatalog.H100Sxm80Gb), none = gemma.GpuLayers(setup,
            GpuCatalog.H100Sxm80Gb with { UsableMemory = new(1) });

        Assert.Equal(all.AllLayers, all.GpuLayers);
        Assert.Equal(whole.Total.Bytes, all.GpuBytes.Bytes + all.HostBytes.Bytes);
        Assert.Equal(whole.Total.Bytes - whole.Runtime.Bytes, none.HostBytes.Bytes);
    }

    private static void Each(Action<Engine?> check) => Assert.All(s_engines, check);

    private static void Each(Parallelism over, Engine? engine,
        Action<ModelDefinition, MemoryQuestion, MemoryEstimate, DerivationLine[]> check, int turn = 0, int turns = 1)
    {
        int checkedModels = 0;
        foreach (ModelDefinition model in ModelCatalog.All.Where((model, at) =>
            at % turns == turn % turns && over.Allows(model.Architecture)))
        {
            foreach (WeightFormat weights in s_formats.Where(format => engine?.Loads(format) ?? true))
            {
                var setup = new MemoryQuestion(weights)
                {
                    Keys = engine?.Caches(CacheFormat.Fp16) ?? true ? CacheFormat.Fp16 : CacheFormat.Bf16,
                    Engine = engine,
                    Parallelism = over,
                };
                MemoryEstimate e = model.InferenceMemory(setup);
                check(model, setup, e, Weights(e));
                checkedModels++;
            }
        }

        Assert.True(checkedModels > 100 / turns);
    }

    private static DerivationLine[] Weights(in MemoryEstimate estimate) =>
        [.. estimate.Explain().Where(line => line.Term.StartsWith("weights", StringComparison.Ordinal))];

    private static long Line(IEnumerable<DerivationLine> lines, string term) =>
        lines.SingleOrDefault(line => line.Term == term)?.Value ?? 0;

    // Each share is rounded by less than a byte: of each tensor of each kind of block, and once more for the sum.
    private static long Kinds(ModelDefinition model) => 1 + model.Architecture.Inputs.Count + model.Architecture.Outputs.Count
        + model.Architecture.Blocks.Sum(block => block.Tensors.Count);
}
