using System.Text;
using System.Text.Json;

namespace LlmMath.Cli.Tests;

public class InspectTests
{
    private const string Config = """
        {"model_type":"llama","vocab_size":16,"hidden_size":8,"intermediate_size":12,"num_hidden_layers":2,
         "num_attention_heads":2,"tie_word_embeddings":true}
        """;

    [Fact]
    public void AMatchingCheckpointIsDescribedAndMatches()
    {
        using var folder = new Folder();
        string config = folder.Write("config.json", Config);
        string file = folder.Write("model.safetensors", Checkpoint(config, _ => true));
        Command run = Command.Run("inspect", file, "--against", config, "--json");

        Assert.Equal(0, run.Exit);
        Assert.Equal("safetensors", run.Json.GetProperty("format").GetString());
        Assert.Equal(20, run.Json.GetProperty("tensors").GetInt32());
        Assert.Equal(1_256, run.Json.GetProperty("parameters").GetInt64());
        Assert.Equal(2_512, run.Json.GetProperty("bytes").GetInt64());
        Assert.Equal(1_256, run.Json.GetProperty("modelParameters").GetInt64());
        foreach (string list in new[] { "missing", "unexpected", "mismatched" })
        {
            Assert.Equal(0, run.Json.GetProperty(list).GetArrayLength());
        }
    }

    [Fact]
    public void AMissingTensorIsNamedAndTheStatusIs3()
    {
        using var folder = new Folder();
        string config = folder.Write("config.json", Config);
        string file = folder.Write("model.safetensors", Checkpoint(config, name => name != "model.layers.1.mlp.up_proj.weight"));
        Command json = Command.Run("inspect", file, "--against", config, "--json");
        Command table = Command.Run("inspect", file, "--against", config);

        Assert.Equal(3, json.Exit);
        Assert.Equal("model.layers.1.mlp.up_proj.weight",
            Assert.Single(json.Json.GetProperty("missing").EnumerateArray()).GetString());
        Assert.Contains("missing: model.layers.1.mlp.up_proj.weight", table.Output);
    }

    [Fact]
    public void BillionsOfExpertsAreCountedAndSomeOfThemNamed()
    {
        using var folder = new Folder();
        string experts = folder.Write("experts.json",
            """{"model_type":"mixtral","num_local_experts":2147483647,"num_attention_heads":8,"num_hidden_layers":2}""");
        string file = folder.Write("model.safetensors", Checkpoint(folder.Write("config.json", Config), _ => true));
        Command alone = Command.Run("inspect", experts, "--json"),
            table = Command.Run("inspect", file, "--against", experts),
            json = Command.Run("inspect", file, "--against", experts, "--json");

        // Two layers of a router, six tensors of attention and norms, and three for each expert; embedding, norm, head.
        Assert.Equal(3 + (2 * (7 + (3L * int.MaxValue))), alone.Json.GetProperty("tensors").GetInt64());
        Assert.Equal(3, json.Exit);
        long missing = json.Json.GetProperty("missingCount").GetInt64();
        Assert.InRange(missing, 6L * int.MaxValue, 3 + (2 * (7 + (3L * int.MaxValue))));
        Assert.Equal(100_000, json.Json.GetProperty("missing").GetArrayLength());
        Assert.Contains(FormattableString.Invariant($"missing: … {missing - 20:N0} more; --json lists 100,000"), table.Output);
    }

    [Fact]
    public void ACheckpointAloneCountsWhatItStores()
    {
        using Folder folder = new(), other = new();
        string file = folder.Write("model.safetensors", Checkpoint(other.Write("config.json", Config), _ => true));
        Command json = Command.Run("params", file, "--json"),
            paper = Command.Run("params", file, "--convention", "hand-estimate");

        Assert.Equal(0, json.Exit);
        Assert.Equal(1_256, json.Json[0].GetProperty("parameters").GetInt64());
        Assert.Equal(JsonValueKind.Null, json.Json[0].GetProperty("activeParameters").ValueKind);
        Assert.Equal(2, paper.Exit);
        Assert.Contains("no config.json beside it", paper.Error);
    }

    [Fact]
    public void ATruncatedFileIsOneClearError()
    {
        using var folder = new Folder();
        string config = folder.Write("config.json", Config);
        byte[] whole = Checkpoint(config, _ => true);
        string file = folder.Write("cut.safetensors", whole[..100]);
        Command run = Command.Run("inspect", file);

        Assert.Equal(2, run.Exit);
        Assert.Contains("cut.safetensors", run.Error);
        Assert.Contains("cut short", run.Error);
    }

    [Fact]
    public void AConfigBesideThatCannotBeReadHidesNoTensor()
    {
        using Folder folder = new(), other = new();
        folder.Write("config.json", "{");
        string file = folder.Write("model.safetensors", Checkpoint(other.Write("config.json", Config), _ => true));
        Command json = Command.Run("inspect", file, "--json"), table = Command.Run("inspect", file);

        Assert.Equal((0, 0), (json.Exit, table.Exit));
        Assert.Equal(JsonValueKind.Null, json.Json.GetProperty("model").ValueKind);
        Assert.Contains("config.json", json.Json.GetProperty("modelProblem").GetString());
        Assert.Contains("20 tensors", table.Output);
        Assert.Contains("no model: ", table.Output);
        // Where the model is asked for, that is an error.
        Assert.Equal(2, Command.Run("params", file).Exit);
    }

    [Theory]
    [InlineData("clip")]
    [InlineData(null)]
    public void AGgufFileOfNoKnownModelShowsItsTensors(string? architecture)
    {
        using var folder = new Folder();
        string file = folder.Write("mmproj.gguf", Gguf(architecture));
        Command json = Command.Run("inspect", file, "--json"), table = Command.Run("inspect", file);

        Assert.Equal((0, 0), (json.Exit, table.Exit));
        Assert.Equal(1, json.Json.GetProperty("tensors").GetInt32());
        Assert.Equal(JsonValueKind.Null, json.Json.GetProperty("model").ValueKind);
        Assert.Contains("general.architecture", json.Json.GetProperty("modelProblem").GetString());
        Assert.Contains("1 tensor,", table.Output);
        Assert.Contains("no model: ", table.Output);
        Assert.Contains("general.architecture", Command.Run("params", file).Error);
    }

    [Fact]
    public void AnIndexIsNamedOnce()
    {
        using var folder = new Folder();
        string file = folder.Write("model.safetensors.index.json", """{"weight_map":{"a":1}}""");
        Command run = Command.Run("inspect", file);
        Assert.Equal(2, run.Exit);
        Assert.StartsWith($"llmmath: {file}: weight_map.a: ", run.Error, StringComparison.Ordinal);
    }

    // A GGUF file of one tensor.
    private static byte[] Gguf(string? architecture)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write("GGUF"u8);
        writer.Write(3);
        writer.Write(1L);
        writer.Write(architecture is null ? 0L : 1L);
        if (architecture is not null)
        {
            Text("general.architecture");
            writer.Write(8);
            Text(architecture);
        }

        Text("mm.0.weight");
        writer.Write(1);
        writer.Write(8L);
        writer.Write(0);
        writer.Write(0L);
        writer.Write(new byte[(32 - (stream.Length % 32)) % 32]);
        writer.Write(new byte[32]);
        return stream.ToArray();

        void Text(string text)
        {
            writer.Write((long)text.Length);
            writer.Write(Encoding.UTF8.GetBytes(text));
        }
    }

    // A safetensors file of bf16 zeros with the tensors that a definition lists.
    private static byte[] Checkpoint(string config, Func<string, bool> isKept)
    {
        using FileStream stream = File.OpenRead(config);
        var header = new StringBuilder("{");
        long at = 0;
        IEnumerable<CheckpointTensor> tensors = HuggingFaceConfig.Read(stream).Architecture.EnumerateTensors();
        foreach (CheckpointTensor tensor in tensors.Where(t => t.Kind.TiedTo is null && isKept(t.Name)))
        {
            header.Append(header.Length > 1 ? "," : "").Append($$"""
                "{{tensor.Name}}":{"dtype":"BF16","shape":{{tensor.Shape}},"data_offsets":[{{at}},{{at + (2 * tensor.Elements)}}]}
                """.Trim());
            at += 2 * tensor.Elements;
        }

        byte[] json = Encoding.UTF8.GetBytes(header.Append('}').ToString());
        return [.. BitConverter.GetBytes((ulong)json.Length), .. json, .. new byte[at]];
    }
}
