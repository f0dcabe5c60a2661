namespace LlmMath.Tests.Memory;

/// <summary>How many layers a GPU takes: as many as fit, found without trying each number.</summary>
public class OffloadTests
{
    private static readonly ModelDefinition s_tiny = new("tiny", "tiny", new ModelConfig(
        new("model_type", "mixtral"), new("hidden_size", 64), new("num_attention_heads", 4), new("num_key_value_heads", 2),
        new("num_hidden_layers", 4), new("intermediate_size", 96), new("vocab_size", 500), new("num_local_experts", 8),
        new("num_experts_per_tok", 1), new("tie_word_embeddings", true), new("head_dim", 16)));

    public static TheoryData<string, string> Models() => new()
    {
        { "llama-3.1-8b", "q4_k_m" }, { "gemma-3n-e2b", "bf16" }, { "gpt2", "fp16" }, { "mixtral-8x7b", "nf4" },
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void AsManyLayersAsFitAndNotOneMore(string name, string weights)
    {
        ModelDefinition model = ModelCatalog.Entries.Find(name);
        var setup = new MemoryQuestion(WeightFormat.Find(weights)) { Context = 500 };
        long all = model.InferenceMemory(setup).Total.Bytes;
        int layers = -1;
        for (int step = 0; step <= 40; step++)
        {
            LayerOffload split = On(all / 32 * step);
            Assert.InRange(split.GpuLayers, Math.Max(0, layers), split.AllLayers);
            Assert.InRange(split.GpuBytes.Bytes, 0, all / 32 * step);
            layers = split.GpuLayers;
            if (layers > 0)
            {
                Assert.Equal(layers, On(split.GpuBytes.Bytes).GpuLayers);
                Assert.InRange(On(split.GpuBytes.Bytes - 1).GpuLayers, 0, layers - 1);
            }
        }

        Assert.Equal(On(all).AllLayers, layers);

        LayerOffload On(long room) => model.GpuLayers(setup, GpuCatalog.Rtx4090 with { UsableMemory = new(room) });
    }

    [Fact]
    public void NeitherSideIsNegativeWhereAQuantizedHeadIsLargerThanTheEmbeddingThatItIsTiedTo()
    {
        var setup = new MemoryQuestion(WeightFormat.Find("gptq-8bit-128g")) { Context = 1426,
            Engine = EngineCatalog.Find("litgpt") };
        LayerOffload split = s_tiny.GpuLayers(setup, GpuCatalog.Gb300);
        Assert.Equal(split.AllLayers, split.GpuLayers);
        Assert.Equal(0, split.HostBytes.Bytes);
    }

    [Fact]
    public void ANegativeAdditionIsRefusedAndNamed()
    {
        var setup = new MemoryQuestion(WeightFormat.Bf16) { Additions = [new("cache of mine", "none", new(-1))] };
        EstimateException error = Assert.Throws<EstimateException>(() => ModelCatalog.Gpt2.InferenceMemory(setup));
        Assert.Contains("Additions: 0 bytes or more are needed; \"cache of mine\" is -1", error.Message);
    }
}
