using System.Buffers.Binary;
using System.Text;

namespace LlmMath.Tests.Interchange;

/// <summary>Writes safetensors headers, apart from the library that reads them.</summary>
internal static class SafetensorsFile
{
    /// <summary>The header of tensors of 16 bits, one after the other.</summary>
    public static byte[] Header(IEnumerable<(string Name, long[] Shape)> tensors, out long dataBytes)
    {
        var json = new StringBuilder("""{"__metadata__":{"format":"pt"}""");
        long offset = 0;
        foreach ((string name, long[] shape) in tensors)
        {
            long end = offset + (2 * shape.Aggregate(1L, (product, d) => product * d));
            json.Append($$""","{{name}}":{"dtype":"BF16","shape":[{{string.Join(",", shape)}}],"data_offsets":[{{offset}},{{end}}]}""");
            offset = end;
        }

        dataBytes = offset;
        return Header(json.Append('}').ToString());
    }

    /// <summary>A header of any text.</summary>
    public static byte[] Header(string json)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(json);
        byte[] bytes = new byte[8 + utf8.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)utf8.Length);
        utf8.CopyTo(bytes, 8);
        return bytes;
    }

    /// <summary>The tensors as the start of a file as long as they say.</summary>
    public static SparseFile Open(IEnumerable<(string Name, long[] Shape)> tensors)
    {
        byte[] header = Header(tensors, out long dataBytes);
        return new SparseFile(header, header.Length + dataBytes);
    }

    /// <summary>The tensors of a definition, without those that share another's storage.</summary>
    public static IEnumerable<(string Name, long[] Shape)> Tensors(ModelDefinition model) => model.Architecture.EnumerateTensors()
        .Where(tensor => tensor.Kind.TiedTo is null)
        .Select(tensor => (tensor.Name, Shape(tensor.Shape)));

    public static long[] Shape(TensorShape shape) => [.. Enumerable.Range(0, shape.Rank).Select(axis => shape[axis])];
}
