namespace LlmMath.Tests.Interchange;

/// <summary>From GGUF headers to definitions, over every architecture that converts.</summary>
public class GgufDefinitionTests
{
    public static TheoryData<string> Names() => [.. Models.Keys];

    private static Dictionary<string, ModelDefinition> Models { get; } = GgufModels.All.Concat(GgufModels.Small)
        .ToDictionary(model => model.Name);

    [Theory]
    [MemberData(nameof(Names))]
    public void TheDefinitionCountsWhatTheTensorsHold(string name)
    {
        ModelDefinition model = Models[name];
        CheckpointHeader header = GgufConversion.Convert(model).Read();
        ModelDefinition read = Gguf.ToDefinition(header, "model.gguf");

        // Apertus's activations stand in the metadata.
        long inMetadata = header.Metadata["xielu.alpha_p"]?.List?.Count * 2 ?? 0;
        Assert.Equal(header.Parameters + inMetadata, read.ParameterCount());
        Assert.Equal(model.ParameterCount(), read.ParameterCount());
        Assert.Equal(model.ActiveParameterCount(), read.ActiveParameterCount());
        Assert.Equal(model.Architecture.LayerCount, read.Architecture.LayerCount);
        Assert.Equal(model.Id, read.Id);
        foreach (CheckpointComparison comparison in new[] { CheckpointComparison.Of(header, read),
            CheckpointComparison.Of(header, model) })
        {
            Assert.Empty(comparison.Missing);
            Assert.Empty(comparison.Unexpected);
            Assert.Empty(comparison.Mismatched);
            Assert.Empty(comparison.Beyond);
            Assert.Equal(header.Tensors.Count + (inMetadata == 0 ? 0 : (int)inMetadata), comparison.Matched);
        }
    }

    [Fact]
    public void EveryArchitectureHasAFamilyThatIsKnown()
    {
        var read = GgufModels.All.Select(model => GgufMetadata.ArchitectureOf(model.Architecture.Family)).ToHashSet();
        var sharing = new HashSet<string>
        {
            // These have another architecture's tensors, or differ from it in a flag that the tests of that one cover.
            "xverse", "refact", "llada", "llama-embed", "dream", "maincoder", "paddleocr", "hunyuan_vl", "orion", "rnd1",
            "qwen2vl", "qwen3vl", "qwen3vlmoe",
            "mistral4", "nemotron_h_moe", "persimmon",
        };
        Assert.All(LlmMath.Interchange.GgufArchitectures.Known, architecture =>
            Assert.True(read.Contains(architecture) || sharing.Contains(architecture), architecture));
    }
}
