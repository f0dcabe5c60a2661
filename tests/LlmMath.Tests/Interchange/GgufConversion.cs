using System.Globalization;

namespace LlmMath.Tests.Interchange;

/// <summary>Makes the GGUF header that llama.cpp's conversion makes of a model: names by its table, shapes as it stacks, splits
/// and transposes them. Source: ggml-org/llama.cpp, conversion/*.py, commit 82bb48500a9a.</summary>
internal static class GgufConversion
{
    /// <summary>The header of a model whose architecture GGUF has.</summary>
    public static GgufFile Convert(ModelDefinition model)
    {
        Architecture a = model.Architecture;
        var file = new GgufFile { Metadata = GgufMetadata.Of(model) };
        file.Tensors.AddRange(AtLayer(file, a, [.. a.Inputs, .. a.Outputs], 0, null));
        foreach (Block block in (IEnumerable<Block>)a.Blocks)
        {
            foreach (int layer in (IEnumerable<int>)block.Layers)
            {
                file.Tensors.AddRange(AtLayer(file, a, block.Tensors, layer, block));
            }
        }

        return file;
    }

    private static IEnumerable<WrittenTensor> AtLayer(
        GgufFile file, Architecture a, IEnumerable<Tensor> tensors, int layer, Block? block)
    {
        var written = new List<(string Name, long[] Shape)>();
        foreach (Tensor tensor in tensors.Where(t => t.TiedTo is null))
        {
            string[] names = GgufNameTable.Find(a.Family, tensor)
                ?? throw new InvalidOperationException($"{a.Family}: no name for {tensor.Name}.");
            if (names[0].StartsWith("xielu.", StringComparison.Ordinal))
            {
                AddToList(file, names[0]);
                continue;
            }

            string[] full = [.. names.Select(
                name => name.Replace("{layer}", layer.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))];
            written.AddRange(full.Zip(GgufShapes.Of(a.Family, tensor, full, block)));
        }

        // Tensors of one name are stacked.
        return written.GroupBy(tensor => tensor.Name)
            .Select(same =>
                new WrittenTensor(same.Key, same.Count() == 1 ? same.First().Shape : [same.Count(), .. same.First().Shape]));
    }

    private static void AddToList(GgufFile file, string key)
    {
        int index = file.Metadata.FindIndex(field => field.Key == key);
        if (index < 0)
        {
            file.Metadata.Add((key, new[] { 0.5f }));
        }
        else
        {
            file.Metadata[index] = (key, (float[])[.. (float[])file.Metadata[index].Value, 0.5f]);
        }
    }
}
