using System.Buffers.Binary;
using System.Globalization;

namespace LlmMath.Tests.Interchange;

/// <summary>Hostile safetensors headers: every one is read, or gives one clear error.</summary>
public class SafetensorsMutationTests
{
    private const int Inputs = 30_000, Seed = 20_261_124;

    private static readonly string[] s_types = ["F4", "F8_E4M3", "BF16", "F32", "I64", "BOOL", "X", "", "F33", "bf16"];

    [Fact]
    public void EveryMutatedHeaderIsReadOrGivesOneErrorThatNamesTheFile()
    {
        var random = new Random(Seed);
        ModelDefinition model = GgufModels.Read("""{"model_type":"llama","hidden_size":8,"intermediate_size":16,"num_hidden_layers":2,"num_attention_heads":2,"vocab_size":50}""", "file");
        int read = 0;
        for (int i = 0; i < Inputs; i++)
        {
            byte[] bytes = Mutated(random, model);
            Stream stream = random.Next(8) == 0 ? new OneWayStream(bytes) : new MemoryStream(bytes);
            read += Mutation.Survives(() => Convert.ToHexString(bytes), 4 << 20, () =>
            {
                CheckpointHeader header = Safetensors.ReadHeader(stream, "file");
                Assert.True(header.Parameters >= 0);
                Assert.Equal(header.Tensors.Count, CheckpointComparison.Of(header, model) is var c
                    ? c.Matched + c.Unexpected.Count + c.Mismatched.Count + c.Beyond.Count : 0);
            }) ? 1 : 0;
        }

        Assert.InRange(read, Inputs / 50, Inputs * 19 / 20);
    }

    [Fact]
    public void EveryMutatedIndexIsReadOrGivesOneErrorThatNamesTheFile()
    {
        var random = new Random(Seed);
        byte[] index = """{"metadata":{"total_size":8,"x":[1,{"y":null}]},"weight_map":{"a":"m-00001-of-00002.safetensors","b":"m-00002-of-00002.safetensors"}}"""u8.ToArray();
        int read = 0;
        for (int i = 0; i < Inputs; i++)
        {
            byte[] bytes = Mutation.Bytes(random, index);
            read += Mutation.Survives(() => System.Text.Encoding.UTF8.GetString(bytes), 1 << 20, () =>
            {
                try
                {
                    Safetensors.ReadIndex(new MemoryStream(bytes), shard =>
                        SafetensorsFile.Open([(shard.Contains("00001-", StringComparison.Ordinal) ? "a" : "b", [2])]), "file");
                }
                catch (DefinitionException error) when (error.File is { } file && file != "file")
                {
                    // A shard's own error carries the shard's name.
                    Assert.EndsWith("safetensors", file, StringComparison.OrdinalIgnoreCase);
                }
            }) ? 1 : 0;
        }

        Assert.InRange(read, 1, Inputs * 19 / 20);
    }

    private static byte[] Mutated(Random random, ModelDefinition model)
    {
        (string Name, long[] Shape)[] tensors = [.. SafetensorsFile.Tensors(model).Take(random.Next(1, 24))];
        if (random.Next(3) == 0)
        {
            byte[] whole = [.. SafetensorsFile.Header(tensors, out long data), .. new byte[data]];
            if (random.Next(3) == 0)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(whole, random.Pick(Mutation.Extremes));
                return whole;
            }

            return Mutation.Bytes(random, whole);
        }

        var parts = new List<string>();
        long offset = 0;
        int changed = random.Next(tensors.Length);
        for (int i = 0; i < tensors.Length; i++)
        {
            long elements = tensors[i].Shape.Aggregate(1L, (product, d) => product * d), end = offset + (2 * elements);
            parts.Add(i == changed
                ? Tensor(random, tensors[i].Name, tensors[i].Shape, offset, end)
                : $$"""{{JsonWriting.Write(tensors[i].Name)}}:{"dtype":"BF16","shape":[{{string.Join(",", tensors[i].Shape)}}],"data_offsets":[{{offset}},{{end}}]}""");
            offset = end;
        }

        return [.. SafetensorsFile.Header("{" + string.Join(",", parts) + "}"),
            .. new byte[random.Next(10) == 0 ? random.Next((int)offset) : (int)offset]];
    }

    private static string Tensor(Random random, string name, long[] shape, long start, long end)
    {
        string type = "BF16";
        List<string> dimensions = [.. shape.Select(d => d.ToString(CultureInfo.InvariantCulture))];
        string offsets = $"[{start},{end}]", more = "";
        switch (random.Next(8))
        {
            case 0:
                type = random.Pick(s_types);
                break;
            case 1:
                dimensions[random.Next(dimensions.Count)] = Number(random);
                break;
            case 2:
                dimensions = [.. Enumerable.Repeat(Number(random), random.Next(20))];
                break;
            case 3:
                offsets = $"[{Number(random)},{Number(random)}]";
                break;
            case 4:
                name = random.Next(2) == 0 ? "__metadata__" : "model.norm.weight";
                break;
            case 5:
                more = random.Next(2) == 0 ? ",\"dtype\":\"BF16\"" : ",\"x\":[[[]]]";
                break;
            case 6:
                return $"\"{name}\":{random.Pick((string[])["1", "null", "[]", "{}", "\"BF16\"", "{\"dtype\":\"BF16\"}", new string('[', 100)])}";
            default:
                name = new string('n', random.Next(2000));
                break;
        }

        return $$"""{{JsonWriting.Write(name)}}:{"dtype":"{{type}}","shape":[{{string.Join(",", dimensions)}}],"data_offsets":{{offsets}}{{more}}}""";
    }

    private static string Number(Random random) => random.Next(6) switch
    {
        0 => "-1",
        1 => "1.5",
        2 => "1e3",
        _ => random.Pick(Mutation.Extremes).ToString(CultureInfo.InvariantCulture),
    };
}
