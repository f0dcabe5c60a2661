using LlmMath.Training;

namespace LlmMath.Tests.Training;

public class AdapterTests
{
    /// <summary>As frameworks printed them. Sources: training logs of PEFT and LLaMA-Factory; github:unslothai/unsloth #465;
    /// github:huggingface/peft #1020 and #1594; github:meta-llama/llama-cookbook #814; github:ml-explore/mlx-lm #571;
    /// github:Anassbzdd/fitcheck, data/measurements; DoRA: the magnitudes of every output more.</summary>
    public static TheoryData<string, int, string, long> Printed => new()
    {
        { "llama-2-7b", 8, "q_proj,v_proj", 4_194_304 },
        { "llama-3-8b", 16, "all-linear", 41_943_040 },
        { "gpt-neox-20b", 8, "query_key_value", 8_650_752 },
        { "llama-3.2-3b", 8, "q_proj,k_proj", 2_293_760 },
        { "qwen3-30b-a3b", 8, "q_proj,k_proj,v_proj,o_proj", 6_684_672 },
        { "mixtral-8x7b", 16, "q_proj,k_proj,v_proj,o_proj,gate,w1,w2,w3", 242_225_152 },
        { "mixtral-8x7b", 16, "all-linear", 242_225_152 },
        { "tinyllama-1.1b-chat-v1.0", 32, "q_proj,k_proj,v_proj,o_proj", 9_011_200 },
        { "smollm2-135m", 32, "q_proj,k_proj,v_proj,o_proj", 3_686_400 },
        { "smollm2-360m", 32, "q_proj,k_proj,v_proj,o_proj", 6_553_600 },
        { "qwen2.5-1.5b", 32, "q_proj,k_proj,v_proj,o_proj", 8_716_288 },
        { "llama-3.2-3b", 16, "q_proj,k_proj,v_proj,o_proj", 9_175_040 },
        { "llama-3.2-1b", 16, "q_proj,k_proj,v_proj,o_proj", 3_407_872 },
        { "mistral-7b-v0.1", 64, "all-linear", 167_772_160 },
        { "gpt-oss-20b", 8, "all-linear", 3_981_312 },
        // By hand, rank × layers × the sum of inputs + outputs.
        { "qwen2.5-7b", 16, "all-linear", 16 * 28L * ((2 * 7168) + (2 * 4096) + (3 * (3584 + 18_944))) },
        { "qwen3-8b", 32, "all-linear", 32 * 36L * ((2 * 8192) + (2 * 5120) + (3 * (4096 + 12_288))) },
        { "phi-3-mini-4k-instruct", 16, "all-linear", 16 * 32L * (3072 + 9216 + 6144 + 3072 + 16_384 + 8192 + 3072) },
        { "gemma-7b", 16, "all-linear", 16 * 28L * ((4 * (3072 + 4096)) + (3 * (3072 + 24_576))) },
        { "gemma-2-9b", 8, "all-linear", 8 * 42L * ((2 * (3584 + 4096)) + (2 * (3584 + 2048)) + (3 * (3584 + 14_336))) },
        { "falcon-7b", 16, "all-linear", 16 * 32L * (4544 + 4672 + 9088 + (2 * (4544 + 18_176))) },
        { "llama-3-70b", 16, "all-linear", 16 * 80L * ((2 * 16_384) + (2 * 9216) + (3 * (8192 + 28_672))) },
        // 64 experts and their router; of DeepSeek's the router is no module.
        { "olmoe-1b-7b-0924", 8, "all-linear", 8 * 16L * ((4 * 4096) + (64 * 3 * (2048 + 1024)) + 2048 + 64) },
        {
            "deepseek-v2-lite", 8, "all-linear", 8 * ((27L * (2048 + 3072 + 2048 + 576 + 512 + 4096 + 4096))
                + (3 * (2048 + 10_944)) + (26 * 3 * ((64 * (2048 + 1408)) + 2048 + 2816)))
        },
    };

    [Theory]
    [MemberData(nameof(Printed))]
    public void TrainedParametersAreThoseThatFrameworksPrint(string model, int rank, string targets, long parameters)
    {
        AdapterParameters adapted = ModelCatalog.Find(model).Adapted(new(rank, targets.Split(',')));

        Assert.Equal(parameters, adapted.Total);
        Assert.Equal(parameters, adapted.Explain()[^1].Total);
        Assert.Equal(parameters, adapted.Explain().Sum(line => line.Value));
    }

    [Fact]
    public void DoraTrainsAMagnitudeForEachOutput() => Assert.Equal(43_319_296,
        ModelCatalog.Llama3_8b.TrainableParameters(LoraSpec.AllLinear(16) with { IsDora = true }));

    [Fact]
    public void StackedExpertsAreReachedByTheirParametersAlone()
    {
        ModelDefinition qwen = ModelCatalog.Find("qwen3.5-35b-a3b");
        AdapterParameters without = qwen.Adapted(LoraSpec.AllLinear(8));
        AdapterParameters with = qwen.Adapted(LoraSpec.AllLinear(8) with
        {
            TargetParameters = ["experts.gate_up_proj", "experts.down_proj"],
        });

        Assert.True(without.UnreachedExperts > 30_000_000_000);
        Assert.Contains("gate_up_proj, down_proj, which are no modules", without.Notes()[0]);
        // 40 layers × 256 experts × 8 × (2,048 + 1,024 + 512 + 2,048)
        Assert.Equal(40L * 256 * 8 * (2048 + 1024 + 512 + 2048), with.Total - without.Total);
        Assert.Equal(0, with.UnreachedExperts);
    }

    /// <summary>Three layers' experts of gpt-oss-20b beside every linear module, as openai/openai-cookbook,
    /// articles/gpt-oss/fine-tune-transformers.ipynb, has it: 15,040,512.</summary>
    [Fact]
    public void ExpertsOfSomeLayersAreReached()
    {
        LoraSpec adapter = LoraSpec.AllLinear(8) with
        {
            TargetParameters =
            [
                "7.mlp.experts.gate_up_proj", "7.mlp.experts.down_proj", "15.mlp.experts.gate_up_proj",
                "15.mlp.experts.down_proj", "23.mlp.experts.gate_up_proj", "23.mlp.experts.down_proj",
            ],
        };

        // 3 layers × 32 experts × 8 × (2,880 + 5,760 + 2,880 + 2,880)
        Assert.Equal(3_981_312 + (3L * 32 * 8 * (2880 + 5760 + 2880 + 2880)),
            ModelCatalog.Find("gpt-oss-20b").TrainableParameters(adapter));
        Assert.Equal(15_040_512, ModelCatalog.Find("gpt-oss-20b").TrainableParameters(adapter));
    }

    [Fact]
    public void ARankMayBeSaidForSomeModulesAndLayers()
    {
        ModelDefinition llama = ModelCatalog.Llama2_7b;
        LoraSpec plain = new(8, "q_proj", "v_proj");
        const long Each = 4096 + 4096;

        Assert.Equal(32 * Each * (16 + 8), llama.TrainableParameters(plain with { Ranks = [new("q_proj", 16)] }));
        Assert.Equal((32 * Each * 16) + (Each * 8),
            llama.TrainableParameters(plain with { Ranks = [new("layers.3.self_attn.q_proj", 16)] }));
        Assert.Equal(Each * 8, llama.TrainableParameters(new(8, "layers.31.self_attn.v_proj")));
    }

    [Fact]
    public void SavedModulesAreTrainedWhole()
    {
        ModelDefinition llama = ModelCatalog.Llama2_7b;

        Assert.Equal(4_194_304 + (2 * 32000 * 4096L),
            llama.TrainableParameters(new(8, "q_proj", "v_proj") { ModulesToSave = ["embed_tokens", "lm_head"] }));
    }

    [Fact]
    public void AHigherRankNeverTrainsLess() => Assert.All(ModelCatalog.All, model =>
    {
        if (model.Architecture.Blocks.Any(block => block.Tensors.Any(tensor => tensor.Name.EndsWith("proj.weight"))))
        {
            long small = model.TrainableParameters(LoraSpec.AllLinear(4));

            Assert.Equal(2 * small, model.TrainableParameters(LoraSpec.AllLinear(8)));
        }
    });

    [Theory]
    [InlineData(0, "q_proj", "Adapter.Rank: 1 or more is right; it is 0.")]
    [InlineData(8, "query", "Adapter.TargetModules: no module's name ends with \"query\". The model has q_proj, k_proj, v_proj, "
        + "o_proj, gate_proj, up_proj, down_proj.")]
    [InlineData(8, "layers.32.self_attn.q_proj", "Adapter.TargetModules: no module's name ends with")]
    [InlineData(8, "", "Adapter.TargetModules: no module's name ends with \"\"")]
    public void WhatMeansNothingIsNamed(int rank, string target, string error) => Assert.StartsWith(error,
        Assert.Throws<EstimateException>(() => ModelCatalog.Llama2_7b.TrainableParameters(new(rank, target))).Message);

    [Fact]
    public void ExpertsThatNoNameReachesAreSaid()
    {
        ModelDefinition qwen = ModelCatalog.Find("qwen3.5-35b-a3b");

        Assert.Equal("Name it in TargetParameters.",
            Assert.Throws<EstimateException>(() => qwen.TrainableParameters(new(8, "gate_up_proj"))).Suggestion);
        Assert.StartsWith("Adapter.TargetParameters: no stack of experts has a name that ends with \"w1\". The model has "
            + "experts.gate_up_proj, experts.down_proj.",
            Assert.Throws<EstimateException>(() => qwen.TrainableParameters(new(8, "q_proj") { TargetParameters = ["w1"] }))
                .Message);
        Assert.Contains("64 is more than its smaller side, 1", string.Join(' ',
            qwen.Adapted(new(64, "shared_expert_gate")).Notes()));
    }

    [Fact]
    public void AnAdapterServedIsAsLargeAsTheOneTrained()
    {
        LoraSpec adapter = new(16, "q_proj", "v_proj");

        Assert.Equal(4 * 2 * ModelCatalog.Llama3_8b.TrainableParameters(adapter),
            MemoryAddition.LoraAdapters(ModelCatalog.Llama3_8b, 4, adapter).Size.Bytes);
        Assert.Equal(2 * 41_943_040, MemoryAddition.LoraAdapters(ModelCatalog.Llama3_8b, 1, 16).Size.Bytes);
    }
}
