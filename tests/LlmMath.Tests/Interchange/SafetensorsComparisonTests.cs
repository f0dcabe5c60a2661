using LlmMath.Tests.Models;

namespace LlmMath.Tests.Interchange;

/// <summary>Safetensors headers held against definitions, under the reference's own names.</summary>
public class SafetensorsComparisonTests
{
    public static TheoryData<string> Catalog() => [.. LargeModels.OneOfEachSetOfNames];

    public static TheoryData<string> Small() =>
        [.. ModelCatalog.All.Where(model => !LargeModels.HasMany(model)).Select(model => model.Name)];

    [Theory]
    [MemberData(nameof(Small))]
    public void EveryModelOfTheCatalogMatchesItself(string name)
    {
        ModelDefinition model = ModelCatalog.Find(name);
        CheckpointHeader header = Header(SafetensorsFile.Tensors(model));
        Assert.Equal(model.ParameterCount(), header.Parameters);
        CheckpointComparison comparison = CheckpointComparison.Of(header, model);
        Assert.Empty(comparison.Missing);
        Assert.Empty(comparison.Unexpected);
        Assert.Empty(comparison.Mismatched);
        Assert.Empty(comparison.Beyond);
        Assert.True(comparison.Matches);
        Assert.Equal(header.Tensors.Count, comparison.Matched);
    }

    [Theory]
    [MemberData(nameof(Catalog))]
    public void WhatACheckpointMayHoldBeyondTheDecoderIsNotUnexpected(string name)
    {
        ModelDefinition model = ModelCatalog.Find(name);
        CheckpointTensor[] beyond =
        [
            .. model.Architecture.EnumerateTensors().Where(t => t.Kind.TiedTo is not null),
            .. model.Architecture.Additions.SelectMany(addition => addition.EnumerateTensors()),
        ];
        CheckpointHeader header =
            Header(SafetensorsFile.Tensors(model).Concat(beyond.Select(t => (t.Name, SafetensorsFile.Shape(t.Shape)))));
        CheckpointComparison comparison = CheckpointComparison.Of(header, model);
        Assert.True(comparison.Matches, string.Join(", ", comparison.Unexpected.Take(3)));
        Assert.Equal(beyond.Select(t => t.Name).Order(), comparison.Beyond.Order());
        Assert.Equal(model.Architecture.TensorCount, comparison.Matched);
    }

    [Theory]
    [InlineData("llama-3.2-1b", "model.", "language_model.model.")]
    [InlineData("llama-3.2-1b", "model.", "")]
    [InlineData("llama-3.2-1b", "model.", "model.language_model.")]
    [InlineData("llama-3.2-1b", "model.", "base_model.model.model.")]
    [InlineData("gpt2", "", "transformer.")]
    [InlineData("opt-125m", "model.decoder.", "decoder.")]
    [InlineData("pythia-70m", "gpt_neox.", "")]
    public void ANameMayStandUnderAnotherPrefix(string name, string prefix, string other)
    {
        ModelDefinition model = ModelCatalog.Find(name);
        CheckpointComparison comparison = CheckpointComparison.Of(Header(SafetensorsFile.Tensors(model).Select(t =>
            (t.Name.StartsWith(prefix, StringComparison.Ordinal) ? other + t.Name[prefix.Length..] : t.Name, t.Shape))), model);
        Assert.Empty(comparison.Missing);
        Assert.Empty(comparison.Unexpected);
        Assert.Empty(comparison.Mismatched);
    }

    [Fact]
    public void DroppedRenamedReshapedAndAddedTensorsAreReportedByName()
    {
        ModelDefinition model = ModelCatalog.Find("llama-3.2-1b");
        List<(string Name, long[] Shape)> tensors = [.. SafetensorsFile.Tensors(model)];
        tensors.RemoveAll(t => t.Name == "model.layers.3.mlp.up_proj.weight");
        int norm = tensors.FindIndex(t => t.Name == "model.norm.weight"),
            q = tensors.FindIndex(t => t.Name == "model.layers.0.self_attn.k_proj.weight");
        tensors[norm] = ("model.final_norm.weight", tensors[norm].Shape);
        tensors[q] = (tensors[q].Name, [2048, 512]);
        tensors.Add(("vision_tower.patch.weight", [3, 5]));
        CheckpointComparison comparison = CheckpointComparison.Of(Header(tensors), model);
        Assert.Equal(["model.layers.3.mlp.up_proj.weight", "model.norm.weight"], comparison.Missing);
        Assert.Equal(["model.final_norm.weight", "vision_tower.patch.weight"], comparison.Unexpected);
        Assert.Equal(
            [new ShapeMismatch("model.layers.0.self_attn.k_proj.weight", "[512, 2048]", "[2048, 512]")], comparison.Mismatched);
        Assert.Equal("llama-3.2-1b", comparison.Against);
    }

    [Fact]
    public void GptqPacksInputs_AwqOutputs_AndScalesAreBeyond()
    {
        ModelDefinition model = GgufModels.Read("""
            {"model_type":"llama","hidden_size":64,"intermediate_size":128,"num_hidden_layers":1,"num_attention_heads":4,"vocab_size":500}
            """);
        foreach (bool packsInputs in new[] { true, false })
        {
            IEnumerable<(string, long[])> tensors = SafetensorsFile.Tensors(model)
                .SelectMany(t => t.Name.Contains("proj", StringComparison.Ordinal)
                ? Packed(t.Name[..^".weight".Length], outputs: t.Shape[0], inputs: t.Shape[1], packsInputs)
                : [t]);
            CheckpointComparison comparison = CheckpointComparison.Of(Header(tensors), model);
            Assert.True(comparison.Matches);
            Assert.Equal(7 * (packsInputs ? 3 : 2), comparison.Beyond.Count);
        }
    }

    [Fact]
    public void Mxfp4BlocksHoldTwoCodesAByte()
    {
        ModelDefinition model = ModelCatalog.Find("gpt-oss-120b");
        IEnumerable<(string, long[])> tensors = SafetensorsFile.Tensors(model).SelectMany(t => t.Name.EndsWith(
            "experts.gate_up_proj", StringComparison.Ordinal) || t.Name.EndsWith("experts.down_proj", StringComparison.Ordinal)
            ? (IEnumerable<(string, long[])>)[(t.Name + "_blocks", [t.Shape[0], t.Shape[2], t.Shape[1] / 32, 16]),
                (t.Name + "_scales", [t.Shape[0], t.Shape[2], t.Shape[1] / 32])]
            : [t]);
        CheckpointComparison comparison = CheckpointComparison.Of(Header(tensors), model);
        Assert.True(comparison.Matches);
        Assert.Equal(72, comparison.Beyond.Count);
    }

    private static IEnumerable<(string, long[])> Packed(string layer, long outputs, long inputs, bool packsInputs) =>
    [
        (layer + ".qweight", packsInputs ? [inputs / 8, outputs] : [inputs, outputs / 8]),
        (layer + ".qzeros", [inputs / 32, outputs / 8]),
        (layer + ".scales", [inputs / 32, outputs]),
        .. packsInputs ? (IEnumerable<(string, long[])>)[(layer + ".g_idx", [inputs])] : [],
    ];

    private static CheckpointHeader Header(IEnumerable<(string, long[])> tensors) =>
        Safetensors.ReadHeader(SafetensorsFile.Open(tensors));
}
