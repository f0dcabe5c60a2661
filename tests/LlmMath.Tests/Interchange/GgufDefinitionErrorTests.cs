namespace LlmMath.Tests.Interchange;

/// <summary>GGUF headers that describe no model: one clear error that names the file and the key.</summary>
public class GgufDefinitionErrorTests
{
    [Fact]
    public void AnUnknownArchitectureListsTheKnownOnes()
    {
        DefinitionException error = Refused(("general.architecture", "lama"));
        Assert.Equal(DefinitionFault.UnknownFamily, error.Fault);
        Assert.StartsWith(
            "bad.gguf: general.architecture: \"lama\" is not a known architecture. Known: afmoe, apertus, arcee, baichuan, ",
            error.Message);
        Assert.All(GgufArchitectures.Known, known => Assert.Contains(known, error.Message));
    }

    [Theory]
    [InlineData("block_count", "llama.block_count")]
    [InlineData("embedding_length", "llama.embedding_length")]
    [InlineData("attention.head_count", "llama.attention.head_count")]
    public void AMissingKeyIsNamed(string key, string field)
    {
        DefinitionException error = Refused((key, null));
        Assert.Equal((DefinitionFault.MissingField, field), (error.Fault, error.Field));
    }

    [Theory]
    [InlineData("block_count", 0)]
    [InlineData("block_count", 65_537)]
    [InlineData("block_count", "two")]
    [InlineData("block_count", 1.5f)]
    [InlineData("embedding_length", ulong.MaxValue)]
    [InlineData("embedding_length", 0)]
    [InlineData("embedding_length", true)]
    [InlineData("attention.head_count", 6)]
    [InlineData("attention.head_count", 0)]
    [InlineData("attention.head_count_kv", 3)]
    [InlineData("attention.key_length", float.NaN)]
    [InlineData("nextn_predict_layers", 2)]
    public void AWrongKeyIsNamed(string key, object value)
    {
        DefinitionException error = Refused((key, value));
        Assert.Equal(DefinitionFault.InvalidValue, error.Fault);
        Assert.Equal("llama." + key, error.Field);
    }

    [Theory]
    [InlineData(65_504)]
    [InlineData(0)]
    [InlineData(65_537)]
    public void MoreBlocksOfADecoderThanTensorsAreRefused(int blocks)
    {
        GgufFile file = GgufConversion.Convert(GgufModels.Read("""
            {"model_type":"t5","d_model":64,"d_ff":96,"d_kv":16,"num_heads":4,"num_layers":2,"num_decoder_layers":3,"vocab_size":500}
            """));
        int key = file.Metadata.FindIndex(entry => entry.Key == "t5.decoder_block_count");
        Assert.Equal(3, Gguf.ToDefinition(file.Read(), "t5.gguf").Config["num_decoder_layers"]?.Integer);
        file.Metadata[key] = ("t5.decoder_block_count", blocks);
        DefinitionException error = Assert.Throws<DefinitionException>(() => Gguf.ToDefinition(file.Read(), "t5.gguf"));
        Assert.Equal(FormattableString.Invariant(
            $"t5.gguf: t5.decoder_block_count: must be 1 to {file.Tensors.Count:N0}; it is {blocks:N0}."), error.Message);
    }

    [Fact]
    public void AListForEachLayerIsReadOnce()
    {
        static long Read(int layers)
        {
            GgufFile file = GgufConversion.Convert(GgufModels.Read(Models.ManyKindsTests.Config("nemotron-nas", layers)));
            CheckpointHeader header = file.Read();
            return Allocation.Least(() => Gguf.ToDefinition(header, "nas.gguf"));
        }

        Assert.InRange((double)Read(800) / Read(400), 1, 2.5);
    }

    [Fact]
    public void ALayerListThatDiffersWhereTheFamilyHasOneSizeIsRefused()
    {
        DefinitionException error = Refused(("feed_forward_length", new[] { 96, 128 }));
        Assert.Equal(
            "bad.gguf: llama.feed_forward_length: must be the same at every layer that has it; it is 96 and 128.", error.Message);
    }

    [Fact]
    public void AVocabularyAloneIsNoModel()
    {
        var file = new GgufFile { Metadata = [("general.architecture", "llama")] };
        Assert.Contains(
            "vocabulary alone", Assert.Throws<DefinitionException>(() => Gguf.ToDefinition(file.Read(), "vocab.gguf")).Message);
    }

    [Fact]
    public void GrokTwoIsNotTakenForGrokOne()
    {
        GgufFile file = GgufConversion.Convert(ModelCatalog.Find("grok-1"));
        file.Tensors.Add(new WrittenTensor("blk.0.ffn_up.weight", [32, 32]));
        Assert.Contains("Grok 2", Assert.Throws<DefinitionException>(() => Gguf.ToDefinition(file.Read(), "grok.gguf")).Message);
    }

    [Fact]
    public void AnotherFormatIsAWrongArgument()
    {
        CheckpointHeader header = Safetensors.ReadHeader(SafetensorsFile.Open([("a", [2])]));
        Assert.Throws<ArgumentException>(() => Gguf.ToDefinition(header, "a.safetensors"));
    }

    private static DefinitionException Refused((string Key, object? Value) change)
    {
        ModelDefinition model = GgufModels.Read("""
            {"model_type":"llama","hidden_size":64,"intermediate_size":96,"num_hidden_layers":2,"num_attention_heads":4,"num_key_value_heads":2,"vocab_size":500}
            """);
        GgufFile file = GgufConversion.Convert(model);
        string key = change.Key.StartsWith("general.", StringComparison.Ordinal) ? change.Key : "llama." + change.Key;
        file.Metadata.RemoveAll(field => field.Key == key);
        if (change.Value is { } value)
        {
            file.Metadata.Add((key, value));
        }

        var error = Assert.Throws<DefinitionException>(() => Gguf.ToDefinition(file.Read(), "bad.gguf"));
        Assert.Equal("bad.gguf", error.File);
        return error;
    }
}
