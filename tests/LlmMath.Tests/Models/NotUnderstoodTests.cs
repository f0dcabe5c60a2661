using System.Text;
using LlmMath.Interchange;
using LlmMath.Models.Families;

namespace LlmMath.Tests.Models;

/// <summary>A field that its family does not read and that could change a shape is named; no other is.</summary>
public class NotUnderstoodTests
{
    public static TheoryData<string> Entries() => [.. ModelCatalog.Entries.Names];

    public static TheoryData<string> Configs()
    {
        var configs = new TheoryData<string>();
        foreach (object[] row in ReferenceCountTests.Rows().Concat<object[]>(DescribedModels.Odd()))
        {
            configs.Add((string)row[0]);
        }

        return configs;
    }

    [Theory]
    [MemberData(nameof(Entries))]
    public void NothingOfTheCatalogIs(string entry) => Assert.Empty(ModelCatalog.Find(entry).NotUnderstood);

    [Theory]
    [MemberData(nameof(Configs))]
    public void NothingOfTheTestsIs(string config) => Assert.Empty(Read(config).NotUnderstood);

    [Theory]
    [MemberData(nameof(Entries))]
    public void AnUnknownSizeIsWhereverItStands(string entry)
    {
        ModelConfig config = ModelCatalog.Find(entry).Config;
        foreach ((string path, ModelConfig changed) in WithFieldInEachObject(config))
        {
            Assert.Equal([path + "foo_intermediate_size"],
                (IEnumerable<string>)new ModelDefinition("changed", "changed", changed).NotUnderstood);
        }
    }

    // The fields that Kimi K3 adds to Kimi Linear: a family that knows nothing of them must say so.
    [Theory]
    [InlineData("deepseek_v3")]
    [InlineData("qwen3_next")]
    [InlineData("llama")]
    public void ASiblingsFieldsAre(string family)
    {
        string[] added = ["routed_expert_hidden_size", "attn_res_block_size", "use_full_rank_gate"];
        ModelDefinition model = Read($$"""
            { "model_type": "{{family}}", "routed_expert_hidden_size": 3584, "attn_res_block_size": 12, "use_full_rank_gate": true }
            """);
        Assert.Equal(added, (IEnumerable<string>)model.NotUnderstood);
    }

    // Its family reads them by now: the section alone counts as the whole model does.
    [Fact]
    public void TheTextOfKimiK3CountsAloneAsInItsWrapper()
    {
        ModelDefinition whole = ModelCatalog.Find("kimi-k3");
        var text = new ModelDefinition("text", "text", whole.Config["text_config"]!.Section!);
        Assert.Equal(whole.ParameterCount(), text.ParameterCount());
        Assert.Empty(text.NotUnderstood);
    }

    [Theory]
    // A family takes one value for granted.
    [InlineData("""{ "model_type": "minimax_m2", "qk_norm_type": "per_head" }""", "qk_norm_type")]
    [InlineData("""{ "model_type": "minimax_m2", "qk_norm_type": "per_layer" }""", "")]
    [InlineData("""{ "model_type": "phi3", "attention_bias": true }""", "attention_bias")]
    [InlineData("""{ "model_type": "qwen3_moe", "shared_expert_intermediate_size": 64 }""", "shared_expert_intermediate_size")]
    // A switch that is off, a null and an empty list give nothing.
    [InlineData("""{ "model_type": "llama", "add_cross_attention": false, "foo_size": null, "bar_layers": [] }""", "")]
    [InlineData("""{ "model_type": "llama", "add_cross_attention": true }""", "add_cross_attention")]
    [InlineData("""{ "model_type": "llama", "layer_types": ["full_attention"] }""", "")]
    [InlineData("""{ "model_type": "llama", "layer_types": ["linear_attention"] }""", "layer_types")]
    // A misspelling of what is read; training, generation, towers and tokens pass.
    [InlineData("""{ "model_type": "llama", "num_hidden_layer": 3 }""", "num_hidden_layer")]
    [InlineData("""{ "model_type": "llama", "foo_dropout": 0.1, "temperature": 1, "vision_config": { "x": 1 } }""", "")]
    public void AValueMayBeUnderstoodAndAnotherNot(string config, string missed) =>
        Assert.Equal(missed, string.Join(' ', (IEnumerable<string>)Read(config).NotUnderstood));

    // What each group is for would be lost where a name is in two.
    [Fact]
    public void NoFamilyNeedsWhatIsIdleEverywhere()
    {
        string[] sizes = ["hidden_size", "intermediate_size", "num_hidden_layers", "sliding_window", "attention_bias"];
        foreach (string size in sizes)
        {
            Assert.False(IdleFields.Has(new ConfigField(size, 1)), size);
        }
    }

    private static ModelDefinition Read(string config) =>
        HuggingFaceConfig.Read(new MemoryStream(Encoding.UTF8.GetBytes(config)));

    // Objects that a tower or a computed position has to itself are known as a whole.
    private static IEnumerable<(string Path, ModelConfig Changed)> WithFieldInEachObject(ModelConfig config, string path = "")
    {
        yield return (path, new([.. config.Fields, new("foo_intermediate_size", 7)]));
        foreach (ConfigField field in (IEnumerable<ConfigField>)config.Fields)
        {
            if (field.Value.Section is { } section && field.Name
                is "text_config" or "language_config" or "thinker_config" or "llm_config" or "linear_attn_config")
            {
                foreach ((string inner, ModelConfig changed) in WithFieldInEachObject(section, path + field.Name + "."))
                {
                    yield return (inner, new([.. config.Fields.Select(f => f == field
                        ? new ConfigField(field.Name, ConfigValue.Object([.. changed.Fields])) : f)]));
                }
            }
        }
    }
}
