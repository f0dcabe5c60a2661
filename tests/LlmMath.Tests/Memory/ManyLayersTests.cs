using System.Diagnostics;
using LlmMath.Formats;
using LlmMath.Placement.Shards;
using LlmMath.Placement.Weights;
using LlmMath.Tests.Interchange;
using LlmMath.Tests.Models;

namespace LlmMath.Tests.Memory;

/// <summary>Models of very many layers, and very many stages: what is asked of the whole is found once.</summary>
public class ManyLayersTests
{
    [Fact]
    public void MoreStagesThanAreReckonedAreRefusedWithTheirNumber()
    {
        ModelDefinition model = GgufModels.Read("""
            {"model_type":"llama","hidden_size":64,"intermediate_size":64,"num_hidden_layers":65536,"num_attention_heads":4}
            """);
        var setup = new MemoryQuestion(WeightFormat.Bf16) { Parallelism = new() { Pipeline = 65_536 } };
        EstimateException error = Assert.Throws<EstimateException>(() => model.InferenceMemory(setup));
        Assert.Equal("Parallelism.Pipeline: at most 1024 stages are reckoned; it is 65536.", error.Message);
        Assert.True(model.InferenceMemory(setup with { Parallelism = new() { Pipeline = 1_024 } }).Weights.Bytes > 0);
    }

    [Fact]
    public void StagesFollowEachOtherAndHoldEachLayerOnce()
    {
        for (int layers = 1; layers <= 30; layers++)
        {
            var block = new Block { Layers = [.. Enumerable.Range(0, layers)], Mixers = [], FeedForwards = [], Tensors = [] };
            for (int stages = 1; stages <= layers; stages++)
            {
                int first = 0, each = layers / stages, left = layers % stages;
                for (int stage = 0; stage < stages; stage++)
                {
                    // One layer more for each of the stages before the last, as far as layers are left over.
                    int size = each + (stage < stages - 1 && stage >= stages - 1 - left ? 1 : 0);
                    var shard = Shard.Stage(layers, new() { Pipeline = stages }, stage);
                    Assert.Equal((first, size), (shard.FirstLayer, shard.LayersOf(block)));
                    first += size;
                }

                Assert.Equal(layers, first);
            }
        }
    }

    [Fact]
    public void LayersBelowOneAreThoseThatHaveTheKind()
    {
        Architecture a = GgufModels.Read(ManyKindsTests.Config("nemotron-nas", 20)).Architecture;
        QuantizerFacts facts = QuantizerPlaces.FactsOf(a);
        for (int layer = 0; layer < 20; layer++)
        {
            // Every second layer attends, each has a feed-forward part.
            Assert.Equal((layer + 1) / 2, QuantizerPlaces.Below(facts, a, layer, MatrixKind.Value));
            Assert.Equal(layer, QuantizerPlaces.Below(facts, a, layer, MatrixKind.Down));
        }
    }

    [Fact]
    public void EightTimesTheLayersAreNotSixtyFourTimesTheWorkOfAMix()
    {
        ModelDefinition some = GgufModels.Read(ManyKindsTests.Config("nemotron-nas", 500)),
            many = GgufModels.Read(ManyKindsTests.Config("nemotron-nas", 4_000));
        double ratio = Least(() => many.WeightMemory(WeightFormat.Q4KM)) / Least(() => some.WeightMemory(WeightFormat.Q4KM));
        // On a busy machine 8 were measured as 32; the square would be 64.
        Assert.InRange(ratio, 1, 48);
    }

    [Fact]
    public void WhatNoGpusHoldIsSaidWithoutTryingThem()
    {
        ModelDefinition model = GgufModels.Read("""
            {"model_type":"llama","hidden_size":65536,"num_hidden_layers":4096,"num_attention_heads":64}
            """);
        var setup = new MemoryQuestion(WeightFormat.Bf16);
        Gpu gpu = GpuCatalog.Find("h100-sxm-80gb");
        Assert.Null(model.SmallestGpus(setup, gpu));
        Assert.InRange(Least(() => model.SmallestGpus(setup, gpu)) / Least(() => model.InferenceMemory(setup)), 0.5, 100);
    }

    [Theory]
    [InlineData("llama-3.1-405b", "vllm", "bf16")]
    [InlineData("deepseek-v3", "vllm", "fp8")]
    [InlineData("mixtral-8x22b", "llama.cpp", "q4_k_m")]
    [InlineData("gemma-3-27b-it", null, "bf16")]
    [InlineData("bloom", "litgpt", "bf16")]
    public void TheSmallestGpusAreTheFirstOfAllThatFit(string name, string? engine, string weights)
    {
        ModelDefinition model = ModelCatalog.Find(name);
        var setup = new MemoryQuestion(WeightFormat.Find(weights))
        {
            Engine = engine is null ? null : EngineCatalog.Find(engine),
            Context = 1_024,
        };
        foreach (string kind in new[] { "h100-sxm-80gb", "rtx-4090", "h200-sxm-141gb" })
        {
            Gpu gpu = GpuCatalog.Find(kind);
            Parallelism[] all = [.. new[] { 1, 2, 4, 8, 16, 32, 64 }
                .Where(tensor => tensor == 1 || setup.Engine is not { SplitsByLayer: true })
                .SelectMany(tensor => Enumerable.Range(1, 64), (tensor, pipeline) => new Parallelism
                {
                    Tensor = tensor, Pipeline = pipeline,
                })
                .Where(over => over.Gpus <= 512 && over.Allows(model.Architecture))];
            Parallelism? smallest = model.SmallestGpus(setup, gpu);
            Parallelism[] fewer = [.. all.Where(over => smallest is null || over.Gpus < smallest.Value.Gpus)];
            Assert.True(smallest is not { } found || model.InferenceMemory(setup with { Parallelism = found }).FitsOn(gpu));
            Assert.DoesNotContain(fewer, over => model.InferenceMemory(setup with { Parallelism = over }).FitsOn(gpu));
        }
    }

    // Of some runs the shortest: what else the machine does only adds.
    private static double Least<T>(Func<T> ask) => Enumerable.Range(0, 5).Min(_ =>
    {
        long start = Stopwatch.GetTimestamp();
        ask();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    });
}
