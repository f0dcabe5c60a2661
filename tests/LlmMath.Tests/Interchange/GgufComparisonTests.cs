namespace LlmMath.Tests.Interchange;

/// <summary>What a comparison of a GGUF header with a definition reports.</summary>
public class GgufComparisonTests
{
    private static readonly ModelDefinition s_llama = GgufModels.Read("""
        {"model_type":"llama","hidden_size":64,"intermediate_size":96,"num_hidden_layers":2,"num_attention_heads":4,"num_key_value_heads":2,"vocab_size":500}
        """, "small-llama");

    private static readonly ModelDefinition s_phi3 = GgufModels.Read("""
        {"model_type":"phi3","hidden_size":64,"intermediate_size":96,"num_hidden_layers":2,"num_attention_heads":4,"num_key_value_heads":2,"vocab_size":500}
        """, "small-phi3");

    [Fact]
    public void EveryNameIsLlamaCppsOwn()
    {
        Assert.All(GgufNameTable.Rows.Where(row => row.Family is not ("phi3" or "glm" or "glm4" or "chatglm")), row =>
        {
            TensorRole role = row.Role.Length > 0 ? Enum.Parse<TensorRole>(row.Role)
                : row.Tensor.Contains("shared_expert", StringComparison.Ordinal)
                    || row.Tensor.Contains("shared_mlp", StringComparison.Ordinal) ? TensorRole.SharedExpert
                : row.Tensor.Contains("experts", StringComparison.Ordinal)
                    || row.Tensor.Contains("moe.input_linear", StringComparison.Ordinal)
                    || row.Tensor.Contains("moe.output_linear", StringComparison.Ordinal) ? TensorRole.Expert
                : row.Tensor.Contains("router", StringComparison.Ordinal) ? TensorRole.Router
                : TensorRole.FeedForward;
            string[] parts = [.. GgufNames.Parts(row.Family, new Tensor(row.Tensor, new TensorShape(1), role))!];
            string[] expected = [.. row.Gguf.SelectMany(
                name => StoredParts.Parts(name.Replace("{layer}", "0", StringComparison.Ordinal), row.Family))];
            Assert.Equal(expected, parts.Select(part => part[0] == '@' ? part[1..]
                : row.Tensor.Contains("{layer}", StringComparison.Ordinal) ? GgufName.At(part, 0) : part));
        });
    }

    [Fact]
    public void ADroppedTensorIsMissing()
    {
        CheckpointComparison comparison = Compare(s_llama, tensors => tensors.RemoveAll(t => t.Name == "blk.1.ffn_up.weight"));
        Assert.Equal(["blk.1.ffn_up.weight"], comparison.Missing);
        Assert.Empty(comparison.Unexpected);
        Assert.Empty(comparison.Mismatched);
        Assert.False(comparison.Matches);
        Assert.Equal("small-llama", comparison.Against);
    }

    [Fact]
    public void ARenamedTensorIsMissingAndUnexpected()
    {
        CheckpointComparison comparison =
            Compare(s_llama, tensors => Replace(tensors, "output_norm.weight", t => t with { Name = "norm.weight" }));
        Assert.Equal(["output_norm.weight"], comparison.Missing);
        Assert.Equal(["norm.weight"], comparison.Unexpected);
    }

    [Theory]
    [InlineData("blk.0.ffn_up.weight", "[96, 64]", "[64, 96]", new long[] { 64, 96 })] // transposed: as many elements
    [InlineData("token_embd.weight", "[500, 64]", "[512, 64]", new long[] { 512, 64 })] // padded
    [InlineData("blk.1.attn_norm.weight", "[64]", "[32, 2]", new long[] { 32, 2 })]
    public void AnotherShapeIsAMismatch(string name, string expected, string found, long[] shape)
    {
        CheckpointComparison comparison = Compare(s_llama, tensors => Replace(tensors, name, t => t with { Shape = shape }));
        Assert.Equal([new ShapeMismatch(name, expected, found)], comparison.Mismatched);
        Assert.Empty(comparison.Missing);
        Assert.Empty(comparison.Unexpected);
    }

    [Fact]
    public void AFusedProjectionOfAnotherSizeIsAMismatch()
    {
        CheckpointComparison comparison =
            Compare(s_phi3, tensors => Replace(tensors, "blk.0.attn_qkv.weight", t => t with { Shape = [192, 64] }));
        Assert.Equal([new ShapeMismatch("blk.0.attn_qkv.weight", "[128, 64]", "[192, 64]")], comparison.Mismatched);
    }

    [Fact]
    public void AFusedProjectionMayBeStoredInParts_AndOnePartMayBeMissing()
    {
        void Split(List<WrittenTensor> tensors)
        {
            tensors.RemoveAll(t => t.Name is "blk.0.attn_qkv.weight");
            tensors.AddRange(
                WrittenTensors.Parse(1, "blk.0.attn_q.weight 64 64\nblk.0.attn_k.weight 32 64\nblk.0.attn_v.weight 32 64"));
        }

        Assert.True(Compare(s_phi3, Split).Matches);
        CheckpointComparison lacking = Compare(s_phi3, tensors =>
        {
            Split(tensors);
            tensors.RemoveAll(t => t.Name == "blk.0.attn_k.weight");
        });
        Assert.Equal(["blk.0.attn_k.weight"], lacking.Missing);
        Assert.Empty(lacking.Unexpected);
    }

    [Fact]
    public void AProjectionStoredFusedAndInPartsIsNotCountedTwice()
    {
        CheckpointComparison comparison =
            Compare(s_phi3, tensors => tensors.AddRange(WrittenTensors.Parse(1, "blk.0.attn_q.weight 64 64")));
        Assert.False(comparison.Matches);
    }

    [Fact]
    public void RotaryTablesPredictionAndScalesAreBeyond_WhatNobodyKnowsIsUnexpected()
    {
        CheckpointComparison comparison = Compare(s_llama, tensors => tensors.AddRange(WrittenTensors.Parse(1, """
            rope_freqs.weight 8
            rope_factors_long.weight 8
            blk.0.attn_rot_embd.weight 8
            blk.2.attn_q.weight 64 64
            blk.2.nextn.eh_proj.weight 64 128
            blk.0.ffn_up.scale 1
            blk.0.surprise.weight 3
            """)));
        Assert.Equal(["blk.0.surprise.weight"], comparison.Unexpected);
        Assert.Equal(6, comparison.Beyond.Count);
        Assert.Empty(comparison.Missing);
    }

    [Fact]
    public void ACopyOfATiedHeadIsBeyond()
    {
        ModelDefinition tied = GgufModels.Read("""
            {"model_type":"llama","hidden_size":64,"intermediate_size":96,"num_hidden_layers":2,"num_attention_heads":4,"vocab_size":500,"tie_word_embeddings":true}
            """);
        Assert.True(Compare(tied, _ => { }).Matches);
        CheckpointComparison comparison = Compare(tied, tensors => tensors.Add(new WrittenTensor("output.weight", [500, 64])));
        Assert.True(comparison.Matches);
        Assert.Equal(["output.weight"], comparison.Beyond);
    }

    [Fact]
    public void AnotherModelsDefinitionDoesNotMatch()
    {
        CheckpointHeader header = GgufConversion.Convert(s_llama).Read();
        CheckpointComparison comparison = CheckpointComparison.Of(header, ModelCatalog.Find("gemma-2-9b"));
        Assert.NotEmpty(comparison.Missing);
        Assert.NotEmpty(comparison.Mismatched);
        Assert.Contains("blk.41.post_ffw_norm.weight", comparison.Missing);
    }

    [Fact]
    public void AFamilyWithoutGgufNamesReportsItsOwn()
    {
        CheckpointComparison comparison =
            CheckpointComparison.Of(GgufConversion.Convert(s_llama).Read(), ModelCatalog.Find("opt-125m"));
        Assert.Contains("model.decoder.layers.11.self_attn_layer_norm.weight", comparison.Missing);
    }

    [Fact]
    public void OneModelsHeaderMatchesOnlyItsOwnDefinition()
    {
        CheckpointHeader header = GgufConversion.Convert(ModelCatalog.Find("llama-3.2-1b")).Read();
        string[] matching =
            [.. ModelCatalog.All.Where(model => CheckpointComparison.Of(header, model).Matches).Select(model => model.Name)];
        Assert.Equal(["llama-3.2-1b"], matching);
    }

    private static CheckpointComparison Compare(ModelDefinition model, Action<List<WrittenTensor>> change)
    {
        GgufFile file = GgufConversion.Convert(model);
        change(file.Tensors);
        return CheckpointComparison.Of(file.Read(), model);
    }

    private static void Replace(List<WrittenTensor> tensors, string name, Func<WrittenTensor, WrittenTensor> change)
    {
        int index = tensors.FindIndex(t => t.Name == name);
        Assert.True(index >= 0, name);
        tensors[index] = change(tensors[index]);
    }

    [Fact]
    public void AWrappersDecoderIsComparedUnderItsOwnNames()
    {
        CheckpointHeader header = GgufConversion.Convert(ModelCatalog.Llama2_7b).Read();
        CheckpointComparison comparison = CheckpointComparison.Of(header, ModelCatalog.Llava1_5_7b);

        // LLaVA's vocabulary has 64 rows more; every other tensor is Llama's.
        Assert.Equal(["token_embd.weight", "output.weight"], comparison.Mismatched.Select(m => m.Name).OrderDescending());
        Assert.Empty(comparison.Missing);
        Assert.Empty(comparison.Unexpected);
    }
}
