using LlmMath.Training;

namespace LlmMath.Tests.Training;

public class StateTests
{
    /// <summary>Rajbhandari et al., arXiv:1910.02054, figure 1: 7.5 billion parameters on 64 GPUs, in GB as printed.</summary>
    [Theory]
    [InlineData(Sharding.None, 120)]
    [InlineData(Sharding.Zero1, 31.4)]
    [InlineData(Sharding.Zero2, 16.6)]
    [InlineData(Sharding.Zero3, 1.9)]
    public void ZeroSharesOutWhatItsPaperSays(Sharding sharding, double gigabytes) => Assert.Equal(gigabytes,
        Math.Round(TrainingStates.Of(7_500_000_000, StateRecipe.Mixed, Optimizer.AdamW, sharding, 64).Total.Gigabytes, 1));

    /// <summary>Bytes of a parameter: docs.nvidia.com/megatron-core/developer-guide/latest/api-guide/dist_optimizer.html: without
    /// the distributed optimizer, and with it among d replicas.</summary>
    [Theory]
    [InlineData("megatron-fp16", 20, 4, 16)]
    [InlineData("megatron-bf16", 18, 6, 12)]
    [InlineData("fp32", 16, 8, 8)]
    [InlineData("mixed", 16, 4, 12)]
    [InlineData("bf16", 8, 4, 4)]
    public void MegatronsTableHoldsToTheByte(string recipe, long all, long held, long shared)
    {
        const long Parameters = 64_000_000;
        StateRecipe of = StateRecipe.Find(recipe);

        Assert.Equal(all * Parameters, TrainingStates.Of(Parameters, of, Optimizer.AdamW).Total.Bytes);
        foreach (int d in new[] { 1, 2, 8, 64 })
        {
            Assert.Equal((held * Parameters) + (shared * Parameters / d),
                TrainingStates.Of(Parameters, of, Optimizer.AdamW, Sharding.Zero1, d).Total.Bytes);
        }
    }

    /// <summary>DeepSpeed's estimator prints 15.93 GB (GiB) for 2,851 M parameters on 8 GPUs with ZeRO 2, 5.31 with the optimizer
    /// on the host: its formulas are 4·P + 16·P ÷ n, of which 2·P with offload. Source: deepspeed.readthedocs.io, "Memory
    /// Requirements".</summary>
    [Fact]
    public void ZeroThreeIsWhatDeepSpeedsEstimatorPrints()
    {
        // 18 bytes a parameter among 8: 5.97 GiB, and its largest layer beside.
        TrainingStates states = TrainingStates.Of(2_851_000_000, StateRecipe.MegatronBf16, Optimizer.AdamW, Sharding.Zero3, 8);

        Assert.Equal(2_851_000_000L * 18 / 8, states.Total.Bytes);
    }

    [Fact]
    public void OptimizersHoldWhatTheyAreSaidTo()
    {
        const long Parameters = 1 << 20;

        Assert.Equal(8 * Parameters, Moments(Optimizer.AdamW));
        Assert.Equal((2 * Parameters) + (2 * 4 * Parameters / 256), Moments(Optimizer.AdamW8Bit));
        Assert.Equal(4 * Parameters, Moments(Optimizer.Lion));
        Assert.Equal(0, Moments(Optimizer.Sgd));
        Assert.Equal(4 * Parameters, Moments(Optimizer.SgdMomentum));

        static long Moments(Optimizer optimizer) => TrainingStates.Of(Parameters, StateRecipe.Mixed, optimizer).Moments.Bytes;
    }

    [Fact]
    public void AFactoredOptimizerHoldsRowsAndColumns()
    {
        ModelDefinition model = ModelCatalog.Llama3_2_1b;
        long states = Moments(model, Optimizer.Adafactor), muon = Moments(model, Optimizer.Muon);
        long expected = 4 * model.Architecture.EnumerateTensors().Where(tensor => tensor.Kind.TiedTo is null)
            .Sum(tensor => tensor.Shape.Rank == 1 ? tensor.Elements : tensor.Shape[0] + tensor.Shape[1]);
        long matrices = model.Architecture.EnumerateTensors()
            .Where(t => t.Kind.TiedTo is null && t.Shape.Rank == 2 && !t.Name.Contains("embed_tokens")).Sum(t => t.Elements);

        Assert.Equal(expected, states);
        Assert.Equal((4 * matrices) + (8 * (model.ParameterCount() - matrices)), muon);
    }

    /// <summary>A dropped input is each pair's own, with a mask of a byte: Llama 3.1 8B, 32 layers, 1,024 tokens; queries and
    /// values have 4,096 inputs each, 2 bytes an element without dropout, together, and 2 + 1 with it, each.</summary>
    [Fact]
    public void DroppedInputsAreKeptByEachPair()
    {
        long Kept(bool drops) => new Deployment(ModelCatalog.Llama3_1_8b, GpuCatalog.H100Sxm80Gb, TrainerCatalog.Torchtune,
            WeightFormat.Bf16).Training(new TrainingRun(TrainingMethod.Lora, 1_000_000)
            {
                Adapter = new(8, ["q_proj", "v_proj"]) { HasDropout = drops },
                SequenceLength = 1024, Recomputation = Recomputation.None,
            }).Memory.Parts.Single(part => part.Name == "activations").Size.Bytes;

        Assert.Equal(32 * 1024 * 4096L * ((2 * 3) - 2), Kept(true) - Kept(false));
    }

    /// <summary>PEFT copies a module that is trained whole in the model's own format: 4 × 2 bytes with Adam; a rank-8 adapter has
    /// 4 × 4. By hand: Llama 3.1 8B, 128,256 × 4,096 of the head; 32 × 8 × (2 × 4,096 + 4,096 + 1,024) of queries and values.
    /// </summary>
    [Fact]
    public void ModulesTrainedWholeHaveTheModelsFormat()
    {
        const long Head = 128_256L * 4096, Pairs = 32L * 8 * ((2 * 4096) + 4096 + 1024);
        var run = new TrainingRun(TrainingMethod.Lora, 1_000_000)
        {
            Adapter = new(8, ["q_proj", "v_proj"]) { ModulesToSave = ["lm_head"] },
        };
        TrainingMemory memory = new Deployment(ModelCatalog.Llama3_1_8b, GpuCatalog.H100Sxm80Gb, TrainerCatalog.HfPeft,
            WeightFormat.Bf16).Training(run).Memory;
        long Part(string name) => memory.Parts.Single(part => part.Name == name).Size.Bytes;

        Assert.Equal((4 * Pairs) + (2 * Head), Part("trained parameters"));
        Assert.Equal((8 * Pairs) + (4 * Head), Part("optimizer's moments"));
    }

    [Fact]
    public void WhatATrainerHoldsIsItsRecipe()
    {
        ModelDefinition model = ModelCatalog.Llama3_1_8b;
        foreach ((Sharding sharding, int divided) in new[] { (Sharding.None, 0), (Sharding.Zero1, 12), (Sharding.Zero3, 18) })
        {
            TrainingMemory memory = new Deployment(model, GpuCatalog.H100Sxm80Gb, TrainerCatalog.Megatron, WeightFormat.Bf16)
            {
                Placement = new() { Data = 8, Sharding = sharding },
            }.Training(new(TrainingMethod.Pretrain, 1_000_000)).Memory;
            long states = memory.Parts
                .Where(part => part.Name is "trained parameters" or "gradients" || part.Name.StartsWith("opt"))
                .Sum(part => part.Size.Bytes);

            Assert.Equal(model.ParameterCount() * ((18 - divided) + (divided / 8.0)), states, 8.0);
            Assert.Equal(memory.Allocated.Bytes, memory.Parts.Sum(part => part.Size.Bytes));
            Assert.Equal(memory.Allocated.Bytes, memory.Explain()[^1].Total);
        }
    }

    private static long Moments(ModelDefinition model, Optimizer optimizer) =>
        new Deployment(model, null, TrainerCatalog.Reference, WeightFormat.Bf16)
            .Training(new(TrainingMethod.Full, 1000) { Optimizer = optimizer, SequenceLength = 1 }).Memory.Parts
            .Single(part => part.Name == "optimizer's moments").Size.Bytes;
}
