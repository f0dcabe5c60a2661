using System.Globalization;
using System.Text;
using static LlmMath.Basics.NumberText;

namespace LlmMath.Interchange;

/// <summary>
/// Reads a GGUF header: metadata, then tensor infos. Version 2 and 3, either byte order. The limits are those of ggml's own
/// reader. Source: ggml-org/ggml, docs/gguf.md and src/gguf.cpp, commit d99724f2b141 (2026-08-21).
/// </summary>
internal sealed partial class GgufReader
{
    private const uint Magic = 0x46554747;
    private const ulong MaxKey = 65_535, MaxTensorName = 63;
    private const uint Alignment = 32;

    // Beyond ggml's limits, those of real files with room to spare: their headers, with a vocabulary and a tokenizer's own JSON,
    // have some tens of megabytes; a mixture with a tensor for each expert has tens of thousands of tensors.
    private const long MaxHeader = 256 << 20;
    private const ulong MaxTensors = 1_000_000, MaxFields = 65_536;

    private readonly BoundedReader _reader;

    // What is kept of the metadata: lists as long as any list of layers, texts as long as any template, and so much of them
    // together.
    private const ulong KeptElements = 65_536, KeptText = 1 << 20;
    private ulong _elementsLeft = 1 << 20, _textLeft = 16 << 20;

    private GgufReader(Stream stream) => _reader = new BoundedReader(stream, "GGUF", MaxHeader);

    private enum ValueType : uint
    {
        UInt8, Int8, UInt16, Int16, UInt32, Int32, Float32, Bool, Text, List, UInt64, Int64, Float64,
    }

    public static CheckpointHeader Read(Stream stream) => new GgufReader(stream).ReadHeader();

    private CheckpointHeader ReadHeader()
    {
        if (_reader.UInt32("magic") != Magic)
        {
            throw Malformed("magic", "is not GGUF: the file does not begin with the letters GGUF.");
        }

        uint version = _reader.UInt32("version");
        if (version is 0x0200_0000 or 0x0300_0000)
        {
            _reader.IsBigEndian = true;
            version >>= 24;
        }

        if (version is not (2 or 3))
        {
            throw Malformed("version", $"{N(version)} is not supported; 2 and 3 are.");
        }

        ulong tensorCount = _reader.UInt64("tensor_count"), fieldCount = _reader.UInt64("metadata_kv_count");
        // The smallest tensor info takes 25 bytes and the smallest field 14: counts that cannot fit are refused before anything
        // is read.
        CheckCount("tensor_count", tensorCount, 25, MaxTensors);
        CheckCount("metadata_kv_count", fieldCount, 14, MaxFields);
        (ModelConfig metadata, ModelConfig lengths) = ReadMetadata(fieldCount);
        uint alignment = ReadAlignment(metadata);
        ValueList<StoredTensor> tensors = ReadTensors(tensorCount, alignment, out ulong dataBytes);
        CheckData(dataBytes, tensors.Count, alignment);
        return new CheckpointHeader
        {
            Format = "gguf",
            DataStart = checked((long)Padded((ulong)_reader.Position, alignment)),
            IsBigEndian = _reader.IsBigEndian,
            Tensors = tensors,
            Metadata = metadata,
            ListLengths = lengths,
        };
    }

    private (ModelConfig Metadata, ModelConfig Lengths) ReadMetadata(ulong count)
    {
        var fields = new List<ConfigField>();
        var lengths = new List<ConfigField>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (ulong i = 0; i < count; i++)
        {
            string key = Name("metadata key " + N((long)i), MaxKey);
            if (key.Length == 0 || !names.Add(key))
            {
                throw Malformed(key,
                    key.Length == 0 ? $"metadata key {N((long)i)} is empty." : "is there twice; each key must be given once.");
            }

            ValueType type = TypeOf(_reader.UInt32(key), key);
            if (type != ValueType.List)
            {
                fields.AddRange(type == ValueType.Text ? KeptOrSkipped(key) : [new ConfigField(key, Scalar(type, key))]);
                continue;
            }

            ulong length = List(key, out ConfigValue? list);
            lengths.Add(new ConfigField(key, (long)length));
            if (list is not null)
            {
                fields.Add(new ConfigField(key, list));
            }
        }

        return (new ModelConfig([.. fields]), new ModelConfig([.. lengths]));
    }

    private IEnumerable<ConfigField> KeptOrSkipped(string key)
    {
        ulong length = _reader.UInt64(key);
        if (length > Math.Min(KeptText, _textLeft))
        {
            _reader.Skip(length, key);
            return [];
        }

        _textLeft -= length;
        return [new ConfigField(key, Encoding.UTF8.GetString(_reader.Bytes(length, key)))];
    }

    // Lists of numbers are kept up to a length that no per-layer list exceeds; texts (a vocabulary) and longer lists are passed
    // over.
    private ulong List(string key, out ConfigValue? list)
    {
        ValueType type = TypeOf(_reader.UInt32(key), key);
        ulong length = _reader.UInt64(key);
        list = null;
        if (type == ValueType.List)
        {
            throw Malformed(key, "is a list of lists, which GGUF readers refuse.");
        }

        ulong size = SizeOf(type);
        if (length > (ulong)_reader.Readable / size)
        {
            throw Malformed(key,
                $"claims {length.ToString("N0", CultureInfo.InvariantCulture)} elements, more than the header has room for.");
        }

        if (type == ValueType.Text)
        {
            for (ulong i = 0; i < length; i++)
            {
                _reader.Skip(_reader.UInt64(key), key);
            }
        }
        else if (length > Math.Min(KeptElements, _elementsLeft))
        {
            _reader.Skip(length * size, key);
        }
        else
        {
            _elementsLeft -= length;
            var items = new List<ConfigValue>((int)length);
            for (ulong i = 0; i < length; i++)
            {
                items.Add(Scalar(type, key));
            }

            list = ConfigValue.Array([.. items]);
        }

        return length;
    }

    private ConfigValue Scalar(ValueType type, string key) => type switch
    {
        ValueType.UInt8 => (long)_reader.UInt8(key),
        ValueType.Int8 => (long)unchecked((sbyte)_reader.UInt8(key)),
        ValueType.UInt16 => (long)_reader.UInt16(key),
        ValueType.Int16 => (long)unchecked((short)_reader.UInt16(key)),
        ValueType.UInt32 => (long)_reader.UInt32(key),
        ValueType.Int32 => (long)unchecked((int)_reader.UInt32(key)),
        ValueType.Float32 => (double)BitConverter.UInt32BitsToSingle(_reader.UInt32(key)),
        ValueType.Bool => _reader.UInt8(key) != 0,
        ValueType.UInt64 => Whole(_reader.UInt64(key)),
        ValueType.Int64 => unchecked((long)_reader.UInt64(key)),
        _ => BitConverter.UInt64BitsToDouble(_reader.UInt64(key)),
    };

    private static ConfigValue Whole(ulong number) => number <= long.MaxValue ? (long)number : (double)number;

    private void CheckCount(string what, ulong count, ulong bytes, ulong limit)
    {
        if (count > (ulong)_reader.Remaining / bytes)
        {
            throw Malformed(
                what, $"claims {count.ToString("N0", CultureInfo.InvariantCulture)}, more than the file has bytes for.");
        }

        if (count > limit)
        {
            throw new DefinitionException(DefinitionFault.TooLarge, what,
                string.Create(CultureInfo.InvariantCulture, $"claims {count:N0}; at most {limit:N0} are read."));
        }
    }

    private string Name(string what, ulong limit)
    {
        ulong length = _reader.UInt64(what);
        return length <= limit
            ? Encoding.UTF8.GetString(_reader.Bytes(length, what))
            : throw new DefinitionException(DefinitionFault.TooLarge, what,
                string.Create(CultureInfo.InvariantCulture, $"claims a name of {length:N0} bytes; at most {limit:N0} are read."));
    }

    private static ValueType TypeOf(uint id, string key) => id <= (uint)ValueType.Float64
        ? (ValueType)id
        : throw Malformed(key, $"has value type {N(id)}; 0 to 12 are known.");

    private static ulong SizeOf(ValueType type) => type switch
    {
        ValueType.UInt8 or ValueType.Int8 or ValueType.Bool => 1,
        ValueType.UInt16 or ValueType.Int16 => 2,
        ValueType.UInt32 or ValueType.Int32 or ValueType.Float32 => 4,
        _ => 8,
    };

    private static DefinitionException Malformed(string field, string problem) => new(DefinitionFault.Malformed, field, problem);
}
