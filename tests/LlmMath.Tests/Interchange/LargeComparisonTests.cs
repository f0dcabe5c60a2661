namespace LlmMath.Tests.Interchange;

/// <summary>Small files held against definitions of very many tensors: the work is the file's.</summary>
public class LargeComparisonTests
{
    private const string Mixture = """
        {"model_type":"mixtral","hidden_size":8,"intermediate_size":8,"num_attention_heads":8,"num_hidden_layers":LAYERS,"vocab_size":8,"num_local_experts":EXPERTS,"num_experts_per_tok":1}
        """;

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(1_000_000)]
    public void TensorsAreCountedWithoutBeingEnumerated(int experts)
    {
        Architecture one = Of(3, 1).Architecture, two = Of(3, 2).Architecture, many = Of(3, experts).Architecture;
        long perExpert = two.EnumerateTensors().LongCount() - one.EnumerateTensors().LongCount();
        Assert.Equal(one.EnumerateTensors().LongCount() + (perExpert * (experts - 1L)), many.TensorCount);
        Assert.InRange(Allocation.Least(() => _ = many.TensorCount), 0, 1_000);
    }

    [Fact]
    public void TheCountIsThatOfTheTensorsThatAreNotTied() => Assert.All(ModelCatalog.All, model => Assert.Equal(
        model.Architecture.EnumerateTensors().LongCount(tensor => tensor.Kind.TiedTo is null), model.Architecture.TensorCount));

    [Theory]
    [InlineData("")]
    [InlineData("language_")]
    public void OfBillionsOfExpertsThoseOfTheFileAreFound(string prefix)
    {
        string last = $"model.layers.1.block_sparse_moe.experts.{int.MaxValue - 1}.w2.weight";
        (string, long[])[] tensors =
        [
            (prefix + "model.embed_tokens.weight", [8, 8]),
            (prefix + "model.layers.0.block_sparse_moe.experts.7.w1.weight", [8, 9]),
            (prefix + last, [8, 8]),
            (prefix + "model.layers.1.block_sparse_moe.experts.2147483647.w1.weight", [8, 8]),
        ];
        ModelDefinition model = Of(2, int.MaxValue);
        CheckpointComparison comparison = CheckpointComparison.Of(Header(tensors), model);

        Assert.Equal(2, comparison.Matched);
        Assert.Equal(tensors[1].Item1, Assert.Single(comparison.Mismatched).Name);
        Assert.Equal([tensors[3].Item1], comparison.Unexpected);
        Assert.Equal(model.Architecture.TensorCount - 3, comparison.MissingCount);
        Assert.Equal(MissingTensors.MostNamed, comparison.Missing.Count);
        Assert.Equal(model.Architecture.EnumerateTensors().Select(tensor => tensor.Name).Where(name =>
            name is not ("model.embed_tokens.weight" or "model.layers.0.block_sparse_moe.experts.7.w1.weight"))
            .Take(MissingTensors.MostNamed), comparison.Missing);
        Assert.False(comparison.Matches);
    }

    [Fact]
    public void AThousandTimesTheExpertsTakeNoMoreMemoryToCompare()
    {
        CheckpointHeader header = Header([("model.embed_tokens.weight", [8, 8])]);
        long some = Compared(header, Of(4, 1_000_000)), many = Compared(header, Of(4, 1_000_000_000));
        Assert.InRange((double)many / some, 0.5, 1.5);
    }

    [Fact]
    public void LayersThatAFileLacksAreCountedNotLookedFor()
    {
        CheckpointHeader named = Header([("model.embed_tokens.weight", [8, 8])]);
        CheckpointHeader gguf = new GgufFile { Tensors = [new("token_embd.weight", [8, 8])] }.Read();
        foreach (CheckpointHeader header in new[] { named, gguf })
        {
            // Both have more tensors than are named, so that names cost the same.
            long some = Compared(header, Of(8000, 1)), many = Compared(header, Of(24_000, 1));
            Assert.InRange((double)many / some, 0.5, 1.5);
        }
    }

    [Fact]
    public void MissingTensorsAreNamedAsWhereTheFileHasOthersOfTheirLayers()
    {
        ModelDefinition model = Of(3, 2);
        foreach (string present in new[] { "blk.1.attn_q.weight", "token_embd.weight" })
        {
            CheckpointComparison comparison = CheckpointComparison.Of(
                new GgufFile { Tensors = [new(present, [8, 8])] }.Read(), model);
            Assert.Equal(1, comparison.Matched);
            Assert.Equal(comparison.MissingCount, comparison.Missing.Count);
            Assert.Equal(
                GgufConversion.Convert(model).Tensors.Select(tensor => tensor.Name).Where(name => name != present).Order(),
                comparison.Missing.Order());
        }
    }

    [Fact]
    public void ManyTensorsOfOnePartAreGroupedInTimeForTheirNumber()
    {
        static ModelDefinition Streams(int streams) => GgufModels.Read($$"""
            {"model_type":"gemma3n_text","hidden_size":8,"intermediate_size":8,"num_hidden_layers":1,"altup_num_inputs":{{streams}}}
            """);
        CheckpointHeader header = new GgufFile { Tensors = [new("token_embd.weight", [8, 8])] }.Read();
        ModelDefinition some = Streams(500), many = Streams(1_000);
        Assert.InRange((double)Compared(header, many) / Compared(header, some), 1, 3);
    }

    private static long Compared(CheckpointHeader header, ModelDefinition model)
    {
        _ = model.Architecture;
        return Allocation.Least(() => CheckpointComparison.Of(header, model));
    }

    private static ModelDefinition Of(int layers, int experts) => GgufModels.Read(Mixture
        .Replace("LAYERS", $"{layers}", StringComparison.Ordinal).Replace("EXPERTS", $"{experts}", StringComparison.Ordinal));

    private static CheckpointHeader Header(IEnumerable<(string, long[])> tensors) =>
        Safetensors.ReadHeader(SafetensorsFile.Open(tensors));
}
