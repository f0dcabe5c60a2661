using System.Text.Json;
using LlmMath.Interchange.Json;

namespace LlmMath.Interchange;

/// <summary>Reads an index of shards: <c>weight_map</c> says which file holds which tensor, each shard's header says what it
/// is.</summary>
internal static class SafetensorsIndex
{
    /// <summary>The largest index read, in bytes: one of 200,000 tensors has some 20 MB.</summary>
    private const int MaxBytes = 64 << 20;

    public static CheckpointHeader Read(Stream index, Func<string, Stream> openShard, string name)
    {
        Dictionary<string, string> shardOf = ReadWeightMap(index, name);
        var tensors = new List<StoredTensor>(shardOf.Count);
        foreach (string shard in shardOf.Values.Distinct(StringComparer.Ordinal).OrderBy(s => s, StringComparer.Ordinal))
        {
            using Stream stream = openShard(shard);
            foreach (StoredTensor tensor in Safetensors.ReadHeader(stream, shard).Tensors)
            {
                if (!shardOf.TryGetValue(tensor.Name, out string? stated))
                {
                    throw Invalid($"weight_map.{tensor.Name}", $"is missing, but {shard} holds the tensor.", name);
                }

                if (stated != shard)
                {
                    throw Invalid($"weight_map.{tensor.Name}", $"says {stated}, but {shard} holds the tensor.", name);
                }

                tensors.Add(tensor);
            }
        }

        if (tensors.Count < shardOf.Count)
        {
            var held = new HashSet<string>(tensors.Select(t => t.Name), StringComparer.Ordinal);
            KeyValuePair<string, string> lost = shardOf.First(pair => !held.Contains(pair.Key));
            throw Invalid($"weight_map.{lost.Key}", $"says {lost.Value}, but the file does not hold the tensor.", name);
        }

        return new CheckpointHeader { Format = "safetensors", Tensors = [.. tensors], Metadata = new ModelConfig() };
    }

    private static Dictionary<string, string> ReadWeightMap(Stream index, string name)
    {
        byte[] json = HuggingFaceConfig.BoundedRead(index, MaxBytes);
        if (json.Length > MaxBytes)
        {
            throw new DefinitionException(
                DefinitionFault.TooLarge, "", $"is larger than {MaxBytes >> 20} MiB, which no index is.").In(name);
        }

        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = JsonText.MaxDepth });
        try
        {
            return ReadWeightMap(ref reader, name);
        }
        catch (JsonException error)
        {
            throw new DefinitionException(
                DefinitionFault.Malformed, "", "is not valid JSON: " + JsonText.FirstSentence(error.Message), error).In(name);
        }
        catch (InvalidOperationException error)
        {
            throw new DefinitionException(DefinitionFault.Malformed, "", "holds a string that is not valid UTF-8.", error)
                .In(name);
        }
    }

    // Only the map is kept: an index lists hundreds of thousands of tensors, and other fields beside them.
    private static Dictionary<string, string> ReadWeightMap(ref Utf8JsonReader reader, string name)
    {
        Dictionary<string, string>? shardOf = null;
        Expect(ref reader, "", name);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            bool isMap = reader.ValueTextEquals("weight_map");
            if (!isMap)
            {
                reader.Skip();
                continue;
            }

            Expect(ref reader, "weight_map", name);
            shardOf = shardOf is null ? ReadPairs(ref reader, name)
                : throw Invalid("weight_map", "is there twice; it must be given once.", name);
        }

        reader.Read();
        return shardOf ?? throw new DefinitionException(DefinitionFault.MissingField, "weight_map",
            "is missing: an object from tensor names to file names is needed.").In(name);
    }

    private static Dictionary<string, string> ReadPairs(ref Utf8JsonReader reader, string name)
    {
        var shardOf = new Dictionary<string, string>(StringComparer.Ordinal);
        var shards = new Dictionary<string, string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            string tensor = reader.GetString()!;
            reader.Read();
            string? shard = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            if (!IsFileName(shard))
            {
                throw Invalid(
                    $"weight_map.{tensor}",
                    $"must be the name of a file beside the index; it is {(shard is null ? "no text" : (ConfigValue)shard)}.",
                    name);
            }

            // One string for each file, not for each tensor.
            if (!shards.TryGetValue(shard!, out string? kept))
            {
                shards[shard!] = kept = shard!;
            }

            if (!shardOf.TryAdd(tensor, kept))
            {
                throw Invalid($"weight_map.{tensor}", "is there twice; each tensor must be given once.", name);
            }
        }

        return shardOf;
    }

    private static void Expect(ref Utf8JsonReader reader, string field, string name)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw Invalid(field, "must be a JSON object.", name);
        }
    }

    // A name alone: an index must not lead the reader out of its folder.
    private static bool IsFileName(string? name) => !string.IsNullOrEmpty(name) && name is not ("." or "..")
        && name.IndexOfAny(['/', '\\', ':', '\0']) < 0;

    private static DefinitionException Invalid(string field, string problem, string file) =>
        new DefinitionException(DefinitionFault.InvalidValue, field, problem).In(file);
}
