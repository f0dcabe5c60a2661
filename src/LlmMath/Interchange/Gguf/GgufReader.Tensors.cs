using static LlmMath.Basics.NumberText;

namespace LlmMath.Interchange;

/// <summary>The tensor infos: names, shapes, types, and where each lies.</summary>
internal sealed partial class GgufReader
{
    private ValueList<StoredTensor> ReadTensors(ulong count, uint alignment, out ulong dataBytes)
    {
        var tensors = new List<StoredTensor>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        ulong next = 0;
        for (ulong i = 0; i < count; i++)
        {
            string name = Name("name of tensor " + N((long)i), MaxTensorName);
            if (!names.Add(name))
            {
                throw Malformed(name, "is there twice; each tensor must be listed once.");
            }

            StoredTensor tensor = ReadTensor(name);
            ulong offset = _reader.UInt64(name);
            tensors.Add(tensor with { Start = (long)next });
            if (offset != next)
            {
                throw Malformed(
                    name, $"lies at {offset:N0}, but the tensor before ends at {next:N0}: tensors must follow one another.");
            }

            next = checked(next + Padded((ulong)tensor.Bytes, alignment));
        }

        dataBytes = next;
        return [.. tensors];
    }

    private StoredTensor ReadTensor(string name)
    {
        uint rank = _reader.UInt32(name);
        if (rank > 4)
        {
            throw Malformed(name, $"has {N(rank)} dimensions; at most 4 are allowed.");
        }

        // The file has the fastest dimension first; PyTorch has it last.
        long[] shape = new long[rank];
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            ulong size = _reader.UInt64(name);
            shape[axis] = size is > 0 and <= long.MaxValue ? (long)size
                : throw Malformed(name, $"has a dimension of {size}; each must be 1 to 2^63 - 1.");
        }

        uint id = _reader.UInt32(name);
        GgufType type = GgufType.Of(id)
            ?? throw Malformed(name, $"is of type {N(id)}, which is no number format of GGUF, or one that was removed.");
        long row = shape.Length == 0 ? 1 : shape[^1];
        if (row % type.BlockElements != 0)
        {
            throw Malformed(name, $"has rows of {N(row)}, no multiple of {type.Name}'s blocks of {N(type.BlockElements)}.");
        }

        try
        {
            long elements = shape.Aggregate(1L, static (product, size) => checked(product * size));
            return new StoredTensor(
                name, [.. shape], type.Name, elements, checked(elements / type.BlockElements * type.BlockBytes));
        }
        catch (OverflowException error)
        {
            throw new DefinitionException(
                DefinitionFault.TooLarge, name, "its dimensions multiply beyond 2^63 - 1 bytes.", error);
        }
    }

    private static uint ReadAlignment(ModelConfig metadata) => metadata["general.alignment"] switch
    {
        null => Alignment,
        { Integer: { } bytes } when bytes is > 0 and <= uint.MaxValue && (bytes & (bytes - 1)) == 0 => (uint)bytes,
        { } other => throw Malformed("general.alignment", $"must be a power of two; it is {other}."),
    };

    private void CheckData(ulong dataBytes, int tensors, uint alignment)
    {
        if (tensors == 0 || _reader.Remaining == long.MaxValue)
        {
            return;
        }

        // Writers pad the last tensor too, but a file that ends with its last byte is read by all.
        ulong start = Padded((ulong)_reader.Position, alignment), end = checked(start + dataBytes),
            length = (ulong)(_reader.Position + _reader.Remaining);
        if (end > checked(length + alignment))
        {
            throw Malformed("data", $"ends at {end:N0} by the header, but the file has {length:N0} bytes: it is cut short.");
        }
    }

    private static ulong Padded(ulong bytes, uint alignment) => checked((bytes + alignment - 1) / alignment * alignment);
}
