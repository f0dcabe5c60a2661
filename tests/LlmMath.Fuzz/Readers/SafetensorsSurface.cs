using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using LlmMath.Tests.Interchange;
using static LlmMath.Fuzz.PropertyException;

namespace LlmMath.Fuzz.Readers;

/// <summary>Safetensors headers and indexes.</summary>
internal static class SafetensorsSurface
{
    private static readonly string[] s_types = ["F4", "F8_E4M3", "BF16", "F32", "I64", "BOOL", "X", "", "F33", "bf16"];

    private static readonly Lazy<ModelDefinition> s_model = new(() => GgufModels.Read(
        """
        {"model_type":"llama","hidden_size":8,"intermediate_size":16,"num_hidden_layers":2,"num_attention_heads":2,
         "vocab_size":50}
        """));

    private static readonly byte[] s_index = Encoding.UTF8.GetBytes(
        """
        {"metadata":{"total_size":8,"x":[1,{"y":null}]},
         "weight_map":{"a":"m-00001-of-00002.safetensors","b":"m-00002-of-00002.safetensors"}}
        """);

    private static readonly string[] s_others =
        ["1", "null", "[]", "{}", "\"BF16\"", "{\"dtype\":\"BF16\"}", new('[', 100)];

    private static readonly string[] s_shards =
    [
        "../m-00001-of-00002.safetensors", "/etc/passwd", "..", ".", "", "a/b.safetensors", "a\\b.safetensors", "m\0.safetensors",
        "C:m.safetensors", "~", "nul", "m-00001-of-00002.safetensors ",
    ];

    public static Surface Header { get; } = new("readers/safetensors",
        "`Safetensors.ReadHeader`, comparison: a header whose totals are the sums of its tensors, each of them in one list "
        + "of the comparison; or one error that names the file", TryHeader, 4 << 20);

    public static Surface Index { get; } = new("readers/index",
        "`Safetensors.ReadIndex`: a header, or one error that names the index or the shard; no file outside the folder is "
        + "asked for",
        TryIndex, 1 << 20);

    private static bool TryHeader(Trial trial)
    {
        Random random = trial.Random;
        byte[] bytes = Mutated(random, s_model.Value);
        trial.Input = () => Convert.ToHexString(bytes);
        Stream stream = random.OneIn(8) ? new OneWayStream(bytes) : new MemoryStream(bytes);
        return DefinitionErrors.Reads(() =>
        {
            CheckpointHeader header = Safetensors.ReadHeader(stream, DefinitionErrors.File);
            trial.Did("tensors read", header.Tensors.Count);
            GgufSurface.CheckSums(header);
            CheckpointComparison c = CheckpointComparison.Of(header, s_model.Value);
            Require(c.Matched + c.Unexpected.Count + c.Mismatched.Count + c.Beyond.Count == header.Tensors.Count,
                "each tensor of the file is in one list of the comparison", c);
        });
    }

    private static bool TryIndex(Trial trial)
    {
        Random random = trial.Random;
        byte[] bytes = random.OneIn(3) ? Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(s_index)
            .Replace("m-00001-of-00002.safetensors", Escaped(random.Pick(s_shards)), StringComparison.Ordinal))
                : random.Bytes(s_index);
        trial.Input = () => Encoding.UTF8.GetString(bytes);
        var asked = new List<string>();
        bool isRead = DefinitionErrors.Reads(() =>
        {
            CheckpointHeader header = Safetensors.ReadIndex(new MemoryStream(bytes), Open, DefinitionErrors.File);
            trial.Did("tensors read", header.Tensors.Count);
            GgufSurface.CheckSums(header);
        }, asked.Contains);
        trial.Did("shards opened", asked.Count);
        return isRead;

        Stream Open(string shard)
        {
            asked.Add(shard);
            Require(shard.Length > 0 && shard is not ("." or "..") && shard.IndexOfAny(['/', '\\', '\0', ':']) < 0,
                "no file outside the folder is asked for", shard);
            return SafetensorsFile.Open([(shard.Contains("00001-", StringComparison.Ordinal) ? "a" : "b", [2])]);
        }
    }

    private static string Escaped(string text) => JsonWriting.Write(text)[1..^1];

    private static byte[] Mutated(Random random, ModelDefinition model)
    {
        (string Name, long[] Shape)[] tensors = [.. SafetensorsFile.Tensors(model).Take(random.Next(1, 24))];
        if (random.OneIn(3))
        {
            byte[] whole = [.. SafetensorsFile.Header(tensors, out long data), .. new byte[data]];
            if (random.OneIn(3))
            {
                BinaryPrimitives.WriteUInt64LittleEndian(whole, random.Pick(Draw.Extremes));
                return whole;
            }

            return random.Bytes(whole);
        }

        var parts = new List<string>();
        long offset = 0;
        int changed = random.Next(tensors.Length);
        for (int i = 0; i < tensors.Length; i++)
        {
            long elements = tensors[i].Shape.Aggregate(1L, (product, d) => product * d), end = offset + (2 * elements);
            parts.Add(i == changed
                ? Tensor(random, tensors[i].Name, tensors[i].Shape, offset, end)
                : Tensor(JsonWriting.Write(tensors[i].Name), "BF16", string.Join(",", tensors[i].Shape),
                    $"[{offset},{end}]", ""));
            offset = end;
        }

        return [.. SafetensorsFile.Header("{" + string.Join(",", parts) + "}"),
            .. new byte[random.OneIn(10) ? random.Next((int)offset) : (int)offset]];
    }

    private static string Tensor(Random random, string name, long[] shape, long start, long end)
    {
        string type = "BF16";
        List<string> dimensions = [.. shape.Select(d => d.ToString(CultureInfo.InvariantCulture))];
        string offsets = $"[{start},{end}]", more = "";
        switch (random.Next(9))
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
                name = random.OneIn(2) ? "__metadata__" : "model.norm.weight";
                break;
            case 5:
                more = random.OneIn(2) ? ",\"dtype\":\"BF16\"" : ",\"x\":[[[]]]";
                break;
            case 6:
                return $"\"{name}\":{random.Pick(s_others)}";
            case 7:
                name = random.Text(12);
                break;
            default:
                name = new string('n', random.Next(2000));
                break;
        }

        return Tensor(JsonWriting.Write(name), type, string.Join(",", dimensions), offsets, more);
    }

    private static string Tensor(string name, string type, string dimensions, string offsets, string more) =>
        $$"""{{name}}:{"dtype":"{{type}}","shape":[{{dimensions}}],"data_offsets":{{offsets}}{{more}}}""";

    private static string Number(Random random) => random.Next(6) switch
    {
        0 => "-1",
        1 => "1.5",
        2 => "1e3",
        _ => random.Pick(Draw.Extremes).ToString(CultureInfo.InvariantCulture),
    };
}
