using System.Text;
using LlmMath.Models.Families;

namespace LlmMath.Tests.Models;

/// <summary>Every family the library knows, by its <c>model_type</c>.</summary>
public class FamilyTests
{
    public static TheoryData<string> Families() => [.. ModelFamily.Known];

    [Theory]
    [MemberData(nameof(Families))]
    public void TheReferenceDefaultsCount_OrTheMissingFieldIsNamed(string family)
    {
        try
        {
            ModelDefinition model = Read($$"""{"model_type":"{{family}}"}""");
            Assert.InRange(model.ParameterCount(), 1_000_000, 2_000_000_000_000);
            Assert.InRange(model.ActiveParameterCount(), 1, model.ParameterCount());
            Assert.NotEmpty(model.AssumedDefaults);
        }
        catch (DefinitionException error)
        {
            Assert.NotEmpty(error.Field);
            Assert.Contains(error.Fault, new[] { DefinitionFault.MissingField, DefinitionFault.InvalidValue });
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void SizesOfTwoToTheThirtyOneAreRefusedOrCountedRight(string family)
    {
        string[] fields = ["hidden_size", "vocab_size", "intermediate_size", "num_hidden_layers", "n_embd", "d_model"];
        foreach (string field in fields)
        {
            var error = Record.Exception(() => Read($$"""{"model_type":"{{family}}","{{field}}":2147483648}"""));
            Assert.True(error is null or DefinitionException, $"{family} {field}: {error}");
        }
    }

    [Fact]
    public void AllSizesAtTheirLargestOverflowIntoOneClearError()
    {
        var error = Assert.Throws<DefinitionException>(() => Read("""
            {"model_type":"llama","hidden_size":2147483647,"intermediate_size":2147483647,"num_hidden_layers":65536,
             "num_attention_heads":1,"vocab_size":2147483647}
            """));
        Assert.Equal(DefinitionFault.TooLarge, error.Fault);
        Assert.Equal("config.json", error.File);
    }

    [Fact]
    public void StreamsThatEachHaveTensorsOfTheirOwnAreFew()
    {
        var error = Assert.Throws<DefinitionException>(() => Read("""{"model_type":"gemma3n_text","altup_num_inputs":1025}"""));
        Assert.Equal("config.json: altup_num_inputs: must be at most 1,024; it is 1,025.", error.Message);
        Assert.Equal(2 * 1023, Read("""{"model_type":"gemma3n_text","altup_num_inputs":1024}""").Architecture.TensorCount
            - Read("""{"model_type":"gemma3n_text","altup_num_inputs":1}""").Architecture.TensorCount);
    }

    [Fact]
    public void AnUnknownFamilyListsTheKnownOnes()
    {
        var error = Assert.Throws<DefinitionException>(() => Read("""{"model_type":"lama"}"""));
        Assert.Equal(DefinitionFault.UnknownFamily, error.Fault);
        Assert.StartsWith("config.json: model_type: \"lama\" is not a known family.", error.Message);
        Assert.All(ModelFamily.Known, family => Assert.Contains(family, error.Message));
    }

    [Fact]
    public void AMisspeltFieldIsSuggested()
    {
        var error = Assert.Throws<DefinitionException>(() => Read("""{"model_type":"phi3small","hiden_size":64}"""));
        Assert.Equal("hidden_size", error.Field);
        Assert.Contains("Is \"hiden_size\" meant for it?", error.Message);
    }

    [Fact]
    public void ADecoderOverAWrappersLayoutIsNotCountedByItsDefaults()
    {
        var error = Assert.Throws<DefinitionException>(() =>
            Read("""{"model_type":"ministral3","text_config":{"hidden_size":64}}"""));
        Assert.Equal("model_type", error.Field);
        Assert.Contains("text_config", error.Message);
    }

    [Theory]
    [InlineData("""{"model_type":"deepseek_v4","num_hidden_layers":3,"num_nextn_predict_layers":1,"compress_ratios":[0,4]}""",
        "compress_ratios: must have one element for each of the 3 layers, and may have one for each of the 1 prediction blocks; "
        + "it has 2.")]
    [InlineData("""{"model_type":"deepseek_v4","num_hidden_layers":2,"compress_ratios":[0,64]}""",
        "compress_ratios[1]: must be 0, 4 or 128; it is 64.")]
    [InlineData("""
        {"model_type":"deepseek_v41_text","num_hidden_layers":3,"compress_ratios":[0,2,1],"kv_source_layer_ids":[1],
         "index_source_layer_ids":[1]}
        """, "kv_source_layer_ids: must have a layer before layer 2 that pools as it reads, 1 tokens an entry.")]
    [InlineData("""
        {"model_type":"deepseek_v41_text","num_hidden_layers":1,"compress_ratios":[0],"kv_source_layer_ids":[],
         "index_source_layer_ids":[],"engram_layer_ids":[0]}
        """, "engram_num_embeddings: must have a number of rows for each of the 1 engram_layer_ids; it is missing.")]
    public void ListsThatContradictTheLayersAreRefused(string config, string problem) =>
        Assert.Equal("config.json: " + problem, Assert.Throws<DefinitionException>(() => Read(config)).Message);

    // Kimi K3's decoder says kimi_linear: 2,779,484,476,000 parameters (published as 2.8 T), of which most stand in these fields.
    [Fact]
    public void KimiK3sDecoderIsNotReadAsKimiLinears()
    {
        ConfigValue text = ModelCatalog.Find("kimi-k3").Config["text_config"]!;
        Assert.Equal(2_779_484_476_000, new ModelDefinition("text", "text", text.Section!).ParameterCount());
    }

    [Fact]
    public void PhiCountsUnderItsFirstNames() => Assert.Equal(2_779_683_840, Read("""
        {"model_type":"phi-msft","n_embd":2560,"n_layer":32,"n_head":32,"n_inner":null,"n_head_kv":null}
        """).ParameterCount());

    [Fact]
    public void DeepSeekV4CountsUnderTheNameOfItsOwnCode()
    {
        const string fields = "\"num_hidden_layers\":2,\"num_nextn_predict_layers\":0,\"compress_ratios\":[0,4]}";
        Assert.Equal(Read("{\"model_type\":\"deepseek_v4\"," + fields).ParameterCount(),
            Read("{\"model_type\":\"deepseek_ref\"," + fields).ParameterCount());
    }

    [Fact]
    public void Zamba2RefusesHeadsThatDoNotMakeItsWidth()
    {
        var error = Assert.Throws<DefinitionException>(() =>
            Read("""{"model_type":"zamba2","hidden_size":3584,"mamba_headdim":64,"layers_block_type":null}"""));
        Assert.Equal("n_mamba_heads", error.Field);
    }

    [Fact]
    public void KnownListsWhatBuildKnowsInOrder()
    {
        Assert.Equal(ModelFamily.Known.Distinct().Order(StringComparer.OrdinalIgnoreCase), ModelFamily.Known);
    }

    private static ModelDefinition Read(string json) => HuggingFaceConfig.Read(new MemoryStream(Encoding.UTF8.GetBytes(json)));
}
