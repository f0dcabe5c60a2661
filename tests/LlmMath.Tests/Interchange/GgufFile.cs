using System.Buffers.Binary;
using System.Text;

namespace LlmMath.Tests.Interchange;

/// <summary>A tensor as a test writes it: its shape in PyTorch's order.</summary>
internal sealed record WrittenTensor(string Name, long[] Shape, string Type = "F16");

/// <summary>Writes GGUF headers, apart from the library that reads them.</summary>
internal sealed class GgufFile
{
    /// <summary>Ids, elements and bytes of a block. Source: ggml-org/ggml, include/ggml.h, commit d99724f2b141.</summary>
    private static readonly Dictionary<string, (uint Id, long Elements, long Bytes)> s_types = new()
    {
        ["F32"] = (0, 1, 4), ["F16"] = (1, 1, 2), ["Q4_0"] = (2, 32, 18), ["Q8_0"] = (8, 32, 34), ["Q4_K"] = (12, 256, 144),
        ["BF16"] = (30, 1, 2),
    };

    public uint Version { get; init; } = 3;

    public bool IsBigEndian { get; init; }

    public List<(string Key, object Value)> Metadata { get; init; } = [];

    public List<WrittenTensor> Tensors { get; init; } = [];

    /// <summary>Bytes of all tensors, each padded.</summary>
    public long DataBytes { get; private set; }

    /// <summary>The header, without the data.</summary>
    public byte[] Header()
    {
        var bytes = new List<byte>();
        bytes.AddRange("GGUF"u8);
        Put(bytes, Version);
        Put(bytes, (ulong)Tensors.Count);
        Put(bytes, (ulong)Metadata.Count);
        foreach ((string key, object value) in Metadata)
        {
            Put(bytes, key);
            PutValue(bytes, value);
        }

        DataBytes = 0;
        foreach (WrittenTensor tensor in Tensors)
        {
            (uint id, long elements, long size) = s_types[tensor.Type];
            Put(bytes, tensor.Name);
            Put(bytes, (uint)tensor.Shape.Length);
            foreach (long dimension in tensor.Shape.Reverse())
            {
                Put(bytes, (ulong)dimension);
            }

            Put(bytes, id);
            Put(bytes, (ulong)DataBytes);
            long data = tensor.Shape.Aggregate(1L, (product, d) => product * d) / elements * size;
            DataBytes += (data + 31) / 32 * 32;
        }

        bytes.AddRange(new byte[(32 - (bytes.Count % 32)) % 32]);
        return [.. bytes];
    }

    /// <summary>The header as the start of a file as long as it says, of which only the header is there.</summary>
    public SparseFile Open()
    {
        byte[] header = Header();
        return new SparseFile(header, header.Length + DataBytes);
    }

    public CheckpointHeader Read(string name = "model.gguf") => Gguf.ReadHeader(Open(), name);

    private void PutValue(List<byte> bytes, object value)
    {
        switch (value)
        {
            case bool flag:
                Put(bytes, 7u);
                bytes.Add(flag ? (byte)1 : (byte)0);
                break;
            case string text:
                Put(bytes, 8u);
                Put(bytes, text);
                break;
            case float number:
                Put(bytes, 6u);
                Put(bytes, BitConverter.SingleToUInt32Bits(number));
                break;
            case ulong number:
                Put(bytes, 10u);
                Put(bytes, number);
                break;
            case int[] list:
                PutList(bytes, 5, list, item => Put(bytes, unchecked((uint)item)));
                break;
            case float[] list:
                PutList(bytes, 6, list, item => Put(bytes, BitConverter.SingleToUInt32Bits(item)));
                break;
            case bool[] list:
                PutList(bytes, 7, list, item => bytes.Add(item ? (byte)1 : (byte)0));
                break;
            case string[] list:
                PutList(bytes, 8, list, item => Put(bytes, item));
                break;
            default:
                Put(bytes, 4u);
                Put(bytes, Convert.ToUInt32(value, null));
                break;
        }
    }

    private void PutList<T>(List<byte> bytes, uint type, T[] list, Action<T> put)
    {
        Put(bytes, 9u);
        Put(bytes, type);
        Put(bytes, (ulong)list.Length);
        Array.ForEach(list, put);
    }

    private void Put(List<byte> bytes, string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        Put(bytes, (ulong)utf8.Length);
        bytes.AddRange(utf8);
    }

    private void Put(List<byte> bytes, uint number)
    {
        Span<byte> buffer = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(buffer, IsBigEndian ? BinaryPrimitives.ReverseEndianness(number) : number);
        bytes.AddRange(buffer);
    }

    private void Put(List<byte> bytes, ulong number)
    {
        Span<byte> buffer = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(buffer, IsBigEndian ? BinaryPrimitives.ReverseEndianness(number) : number);
        bytes.AddRange(buffer);
    }
}
