using System.Text;

namespace LlmMath.Tests.Interchange;

/// <summary>Reading config.json: bounds, and errors that name the file and the field.</summary>
public class HuggingFaceConfigTests
{
    private const string Llama = "\"model_type\":\"llama\",\"vocab_size\":500";

    [Fact]
    public void TheNameIsThatOfTheFile_TheIdWhereItCameFrom()
    {
        ModelDefinition model = GgufModels.Read($$"""{{{Llama}},"_name_or_path":"meta/tiny"}""", "tiny.json");
        Assert.Equal(("tiny.json", "meta/tiny"), (model.Name, model.Id));
        Assert.Equal("tiny.json", GgufModels.Read($$"""{{{Llama}},"_name_or_path":""}""", "tiny.json").Id);
    }

    [Theory]
    [InlineData("hidden_size", "NaN")]
    [InlineData("hidden_size", "Infinity")]
    [InlineData("hidden_size", "-1")]
    [InlineData("hidden_size", "0")]
    [InlineData("hidden_size", "1.5")]
    [InlineData("hidden_size", "9223372036854775808")]
    [InlineData("hidden_size", "1e400")]
    [InlineData("hidden_size", "\"4096\"")]
    [InlineData("num_hidden_layers", "65537")]
    [InlineData("num_key_value_heads", "3")]
    [InlineData("tie_word_embeddings", "1")]
    public void AWrongFieldIsNamed(string field, string value)
    {
        var error = Assert.Throws<DefinitionException>(() =>
            GgufModels.Read($$"""{{{Llama}},"{{field}}":{{value}}}""", "bad.json"));
        Assert.Equal(("bad.json", field), (error.File, error.Field));
        Assert.StartsWith($"bad.json: {field}: must", error.Message);
    }

    [Fact]
    public void AFieldGivenTwiceIsNamedByItsPath()
    {
        var error = Assert.Throws<DefinitionException>(() =>
            GgufModels.Read("""{"model_type":"llava","text_config":{"a":[{"b":1,"b":2}]}}""", "bad.json"));
        Assert.Equal("bad.json: text_config.a.b: is there twice; each field must be given once.", error.Message);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{\"a\":")]
    [InlineData("[{\"a\":")]
    public void NestingToAnyDepthIsOneError(string level)
    {
        DefinitionException error = Refused("{\"model_type\":" + string.Concat(Enumerable.Repeat(level, 1_000_000)), 64 << 20);
        Assert.Contains("not valid JSON", error.Message);
    }

    [Fact]
    public void MoreValuesThanAnyConfigHasAreRefusedBeforeTheyTakeMemory()
    {
        DefinitionException error = Refused("{\"a\":[" + string.Concat(Enumerable.Repeat("0,", 8_000_000)) + "0]}", 256 << 20);
        Assert.Equal("a", error.Field);
        Assert.Contains("values; at most 1,000,000 are read", error.Message);
    }

    [Fact]
    public void ANameOfMegabytesIsRefused()
    {
        // If each field's path were put together, a million fields under this name would copy terabytes.
        string fields = string.Join(",", Enumerable.Range(0, 100_000).Select(i => $"\"{i}\":1"));
        DefinitionException error = Refused($$$"""{"{{{new string('n', 4 << 20)}}}":{{{{fields}}}}}""", 128 << 20);
        Assert.Contains("more than 1024 characters", error.Message);
        Assert.True(error.Message.Length < 200);
    }

    [Fact]
    public void AFileWithoutEndIsRead16MebibytesFar()
    {
        var stream = new ZeroTailStream("{"u8.ToArray(), 1L << 40);
        var error = Assert.Throws<DefinitionException>(() => HuggingFaceConfig.Read(stream, "endless.json"));
        Assert.Contains("larger than 16 MiB", error.Message);
        Assert.InRange(stream.Position, 16 << 20, 17 << 20);
    }

    [Fact]
    public void AJsonErrorDoesNotQuoteTheFile()
    {
        var error = Assert.Throws<DefinitionException>(() =>
            GgufModels.Read($$"""{"a":nell{{new string('x', 100_000)}}}""", "bad.json"));
        Assert.StartsWith("bad.json: is not valid JSON at line 1, byte", error.Message);
        Assert.True(error.Message.Length < 400);
    }

    [Fact]
    public void Utf16IsRefusedAsTheBuildRefusesIt() => Assert.Throws<DefinitionException>(() => HuggingFaceConfig.Read(
        new MemoryStream([.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("""{"model_type":"opt"}""")]),
            "utf16.json"));

    [Fact]
    public void AReplacementCharacterIsACharacter() => Assert.Equal("\uFFFD", HuggingFaceConfig.Read(
        new MemoryStream(Encoding.UTF8.GetBytes("{\"model_type\":\"opt\",\"a\":\"\uFFFD\"}")), "a.json").Config["a"]!.Text);

    [Fact]
    public void APositionBehindNaNIsTheFiles()
    {
        var error = Assert.Throws<DefinitionException>(() => GgufModels.Read("{\n\"a\":[NaN,-Infinity],]", "bad.json"));
        Assert.StartsWith("bad.json: is not valid JSON at line 2, byte 21:", error.Message);
    }

    private static DefinitionException Refused(string json, long limit)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(json);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<DefinitionException>(() => HuggingFaceConfig.Read(new MemoryStream(utf8), "bad.json"));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, limit);
        Assert.Equal("bad.json", error.File);
        return error;
    }
}
