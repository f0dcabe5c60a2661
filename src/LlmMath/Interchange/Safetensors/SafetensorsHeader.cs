using System.Text.Json;
using LlmMath.Formats;
using LlmMath.Interchange.Json;
using static LlmMath.Basics.NumberText;

namespace LlmMath.Interchange;

/// <summary>
/// Reads the JSON of a safetensors header: each tensor with its type, shape and place in the data. The rules are those of the
/// format's own reader: places follow one another without gap or overlap, and each is as long as its shape says.
/// Source: huggingface/safetensors, README.md (Format) and safetensors/src/tensor.rs.
/// </summary>
internal static class SafetensorsHeader
{
    private const string MetadataName = "__metadata__";
    private const int MaxName = 1024, MaxTensors = 1_000_000;

    public static CheckpointHeader Read(ReadOnlySpan<byte> json)
    {
        var tensors = new List<(StoredTensor Tensor, long Start, long End)>();
        var metadata = new List<ConfigField>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 8 });
        try
        {
            Expect(ref reader, JsonTokenType.StartObject, "", "a JSON object");
            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            {
                string name = reader.GetString()!;
                if (name.Length > MaxName)
                {
                    throw new DefinitionException(DefinitionFault.TooLarge, name.Substring(0, 40) + "…",
                        $"is a name of {N(name.Length)} characters; at most {N(MaxName)} are read.");
                }

                if (!names.Add(name))
                {
                    throw Invalid(name, "is there twice; each tensor must be listed once.");
                }

                Expect(ref reader, JsonTokenType.StartObject, name, "an object with dtype, shape and data_offsets");
                if (name == MetadataName)
                {
                    ReadMetadata(ref reader, metadata);
                }
                else
                {
                    tensors.Add(tensors.Count < MaxTensors
                        ? ReadTensor(ref reader, name)
                        : throw new DefinitionException(
                            DefinitionFault.TooLarge, "header", $"lists more than {N(MaxTensors)} tensors."));
                }
            }

            reader.Read();
        }
        catch (JsonException error)
        {
            throw new DefinitionException(DefinitionFault.Malformed, "header", "is not valid JSON: "
                + JsonText.FirstSentence(error.Message), error);
        }
        catch (InvalidOperationException error)
        {
            throw new DefinitionException(DefinitionFault.Malformed, "header", "holds a name that is not valid UTF-8.", error);
        }

        CheckPlaces(tensors);
        return new CheckpointHeader
        {
            Format = "safetensors",
            Tensors = [.. tensors.Select(t => t.Tensor)],
            Metadata = new ModelConfig([.. metadata]),
        };
    }

    private static (StoredTensor Tensor, long Start, long End) ReadTensor(ref Utf8JsonReader reader, string name)
    {
        string? type = null;
        List<long>? shape = null, offsets = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            string field = reader.GetString()!;
            string path = $"{name}.{field}";
            switch (field)
            {
                case "dtype" when type is null:
                    Expect(ref reader, JsonTokenType.String, path, "a string");
                    type = reader.GetString()!;
                    break;
                case "shape" when shape is null:
                    shape = ReadNumbers(ref reader, path);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadNumbers(ref reader, path);
                    break;
                case "dtype" or "shape" or "data_offsets":
                    throw Invalid(path, "is there twice; each field must be given once.");
                default:
                    throw new DefinitionException(DefinitionFault.UnknownField, path,
                        "is not a field of a tensor: dtype, shape and data_offsets are.");
            }
        }

        if (type is null || shape is null || offsets is null)
        {
            string missing = type is null ? "dtype" : shape is null ? "shape" : "data_offsets";
            throw new DefinitionException(DefinitionFault.MissingField, $"{name}.{missing}", "is missing.");
        }

        int bits = SafetensorsType.Bits(type)
            ?? throw Invalid($"{name}.dtype", $"\"{type}\" is not a number format of safetensors.");
        return (Measure(name, type, bits, shape, offsets), offsets[0], offsets[1]);
    }

    private static StoredTensor Measure(string name, string type, int bits, List<long> shape, List<long> offsets)
    {
        if (shape.Contains(0))
        {
            throw Invalid($"{name}.shape", "has a dimension of 0; each must be 1 or more.");
        }

        if (offsets.Count != 2 || offsets[1] < offsets[0])
        {
            throw Invalid($"{name}.data_offsets", "must be [start, end] with start ≤ end.");
        }

        long elements, bytes;
        try
        {
            elements = shape.Aggregate(1L, static (product, size) => checked(product * size));
            bytes = checked(elements * bits) / 8;
        }
        catch (OverflowException error)
        {
            throw new DefinitionException(DefinitionFault.TooLarge, $"{name}.shape", "multiplies beyond 2^63 - 1 bits.", error);
        }

        return elements * bits % 8 == 0 && offsets[1] - offsets[0] == bytes
            ? new StoredTensor(name, [.. shape], type, elements, bytes) { Start = offsets[0] }
            : throw Invalid($"{name}.data_offsets",
                $"span {N(offsets[1] - offsets[0])} bytes, but {type} of its shape takes {N(bytes)}.");
    }

    private static void CheckPlaces(List<(StoredTensor Tensor, long Start, long End)> tensors)
    {
        long next = 0;
        foreach ((StoredTensor tensor, long start, long end) in tensors.OrderBy(t => t.Start).ThenBy(t => t.End))
        {
            if (start != next)
            {
                throw Invalid($"{tensor.Name}.data_offsets",
                    $"begin at {N(start)}, but the tensor before ends at {N(next)}: tensors must follow one another.");
            }

            next = end;
        }
    }

    private static List<long> ReadNumbers(ref Utf8JsonReader reader, string path)
    {
        Expect(ref reader, JsonTokenType.StartArray, path, "a list of whole numbers");
        var numbers = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long number) || number < 0)
            {
                throw Invalid(path, "must hold whole numbers from 0 to 2^63 - 1.");
            }

            numbers.Add(numbers.Count < 16 ? number : throw Invalid(path, "has more than 16 elements."));
        }

        return numbers;
    }

    private static void ReadMetadata(ref Utf8JsonReader reader, List<ConfigField> metadata)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            string name = reader.GetString()!;
            string path = $"{MetadataName}.{name}";
            Expect(ref reader, JsonTokenType.String, path, "a string");
            metadata.Add(names.Add(name) ? new ConfigField(name, reader.GetString()!) : throw Invalid(path, "is there twice."));
        }
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType token, string path, string right)
    {
        if (!reader.Read() || reader.TokenType != token)
        {
            throw Invalid(path.Length == 0 ? "header" : path, $"must be {right}.");
        }
    }

    private static DefinitionException Invalid(string path, string problem) => new(DefinitionFault.InvalidValue, path, problem);
}
