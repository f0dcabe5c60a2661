using System.Text;

namespace LlmMath.Tests.Interchange;

/// <summary>Indexes of safetensors shards.</summary>
public class SafetensorsIndexTests
{
    private static readonly Dictionary<string, string> s_map = new()
    {
        ["a"] = "model-00001-of-00002.safetensors", ["b"] = "model-00001-of-00002.safetensors",
        ["c"] = "model-00002-of-00002.safetensors",
    };

    [Fact]
    public void AnIndexGivesTheTensorsOfAllItsShards_EachOpenedOnce()
    {
        var opened = new List<string>();
        CheckpointHeader header = Read(s_map, shard =>
        {
            opened.Add(shard);
            return Shard(s_map, shard);
        });
        Assert.Equal(["a", "b", "c"], header.Tensors.Select(t => t.Name));
        Assert.Equal(s_map.Values.Distinct().Order(), opened);
    }

    [Fact]
    public void ACatalogModelInShardsMatchesItsDefinition()
    {
        ModelDefinition model = ModelCatalog.Find("qwen2.5-1.5b");
        (string Name, long[] Shape)[] tensors = [.. SafetensorsFile.Tensors(model)];
        var map = tensors.Select((tensor, i) => (tensor.Name, Shard: $"model-{(i % 4) + 1:D5}-of-00004.safetensors"))
            .ToDictionary(t => t.Name, t => t.Shard);
        CheckpointHeader header = Read(map, shard => SafetensorsFile.Open(tensors.Where(t => map[t.Name] == shard)));
        Assert.Equal(model.ParameterCount(), header.Parameters);
        Assert.True(CheckpointComparison.Of(header, model).Matches);
    }

    [Fact]
    public void AMissingShardIsTheCallersError() =>
        Assert.Throws<FileNotFoundException>(() => Read(s_map, shard => shard.StartsWith("model-00002", StringComparison.Ordinal)
            ? throw new FileNotFoundException(shard) : Shard(s_map, shard)));

    [Fact]
    public void AMalformedShardIsNamed()
    {
        var error = Assert.Throws<DefinitionException>(() => Read(s_map, shard =>
            shard.StartsWith("model-00002", StringComparison.Ordinal) ? new MemoryStream([1, 2, 3]) : Shard(s_map, shard)));
        Assert.Equal("model-00002-of-00002.safetensors", error.File);
    }

    [Theory]
    [InlineData("../model.safetensors")]
    [InlineData("/etc/passwd")]
    [InlineData("sub/model.safetensors")]
    [InlineData("..\\model.safetensors")]
    [InlineData("C:model.safetensors")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("a\0b")]
    public void AnIndexDoesNotLeadOutOfItsFolder(string path)
    {
        var error = Assert.Throws<DefinitionException>(
            () => Read(new() { ["a"] = path }, _ => throw new InvalidOperationException("A file was opened.")));
        Assert.Equal(("index.json", "weight_map.a"), (error.File, error.Field));
        Assert.Contains("a file beside the index", error.Message);
    }

    [Fact]
    public void ATensorTheIndexDoesNotKnow_OrPutsElsewhere_OrThatNoShardHolds()
    {
        string first = s_map["a"], second = s_map["c"];
        Says("weight_map.d", "is missing", shard =>
            SafetensorsFile.Open(shard == first ? [("a", [2]), ("b", [2]), ("d", [2])] : [("c", [2])]));
        Says("weight_map.c", $"but {first} holds", shard =>
            SafetensorsFile.Open(shard == first ? [("a", [2]), ("b", [2]), ("c", [2])] : [("c", [2])]));
        Says("weight_map.c", $"says {second}, but the file does not hold", shard =>
            SafetensorsFile.Open(shard == first ? [("a", [2]), ("b", [2])] : []));

        static void Says(string field, string problem, Func<string, Stream> open)
        {
            var error = Assert.Throws<DefinitionException>(() => Read(s_map, open));
            Assert.Equal(("index.json", field), (error.File, error.Field));
            Assert.Contains(problem, error.Message);
        }
    }

    [Theory]
    [InlineData("{}", "weight_map")]
    [InlineData("""{"weight_map":[]}""", "weight_map")]
    [InlineData("""{"weight_map":{"a":1}}""", "weight_map.a")]
    [InlineData("""{"weight_map":{"a":"x","a":"y"}}""", "weight_map.a")]
    [InlineData("""{"weight_map":""", "")]
    [InlineData("[]", "")]
    [InlineData("", "")]
    public void AnIndexThatCannotBeIsRefused(string json, string field)
    {
        var error = Assert.Throws<DefinitionException>(() => Safetensors.ReadIndex(
            new MemoryStream(Encoding.UTF8.GetBytes(json)), _ => throw new InvalidOperationException(), "index.json"));
        Assert.Equal(("index.json", field), (error.File, error.Field));
    }

    [Fact]
    public void APathIsReadWithItsNeighbours()
    {
        string folder = Directory.CreateTempSubdirectory("safetensors").FullName;
        try
        {
            foreach (string shard in s_map.Values.Distinct())
            {
                byte[] header = SafetensorsFile.Header(
                    s_map.Where(pair => pair.Value == shard).Select(pair => (pair.Key, new long[] { 2, 3 })), out long data);
                File.WriteAllBytes(Path.Combine(folder, shard), [.. header, .. new byte[data]]);
            }

            string index = Path.Combine(folder, "model.safetensors.index.json");
            File.WriteAllText(index, Index(s_map));
            Assert.Equal(18, Safetensors.ReadHeader(index).Parameters);
            Assert.Equal(12, Safetensors.ReadHeader(Path.Combine(folder, s_map["a"])).Parameters);
            File.Delete(Path.Combine(folder, s_map["c"]));
            Assert.Throws<FileNotFoundException>(() => Safetensors.ReadHeader(index));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static CheckpointHeader Read(Dictionary<string, string> map, Func<string, Stream> open) =>
        Safetensors.ReadIndex(new MemoryStream(Encoding.UTF8.GetBytes(Index(map))), open, "index.json");

    private static string Index(Dictionary<string, string> map) =>
        "{\"metadata\":{\"total_size\":12},\"weight_map\":{"
            + string.Join(",", map.Select(pair => $"\"{pair.Key}\":{Quoted(pair.Value)}")) + "}}";

    private static string Quoted(string text) =>
        "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\0", "\\u0000", StringComparison.Ordinal) + "\"";

    private static SparseFile Shard(Dictionary<string, string> map, string shard) =>
        SafetensorsFile.Open(map.Where(pair => pair.Value == shard).Select(pair => (pair.Key, new long[] { 2, 3 })));
}
