namespace LlmMath.Interchange;

/// <summary>Reads an index of shards: <c>weight_map</c> says which file holds which tensor, each shard's header says what it is.</summary>
internal static class SafetensorsIndex
{
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
        try
        {
            ModelConfig root = JsonText.ReadObject(HuggingFaceConfig.BoundedRead(index));
            ValueList<ConfigField> map = root["weight_map"]?.Section?.Fields
                ?? throw new DefinitionException(DefinitionFault.MissingField, "weight_map", "is missing: an object from tensor names to file names is needed.");
            var shardOf = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (ConfigField field in map)
            {
                shardOf[field.Name] = IsFileName(field.Value.Text)
                    ? field.Value.Text!
                    : throw Invalid($"weight_map.{field.Name}", $"must be the name of a file beside the index; it is {field.Value}.", name);
            }

            return shardOf;
        }
        catch (JsonTextException error)
        {
            throw error.ToDefinitionException().In(name);
        }
        catch (DefinitionException error) when (error.File is null)
        {
            throw error.In(name);
        }
    }

    // A name alone: an index must not lead the reader out of its folder.
    private static bool IsFileName(string? name) => !string.IsNullOrEmpty(name) && name is not ("." or "..")
        && name.IndexOfAny(['/', '\\', ':', '\0']) < 0;

    private static DefinitionException Invalid(string field, string problem, string file) =>
        new DefinitionException(DefinitionFault.InvalidValue, field, problem).In(file);
}
