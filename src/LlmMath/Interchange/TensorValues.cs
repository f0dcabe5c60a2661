using System.Buffers;
using LlmMath.Numerics;

namespace LlmMath.Interchange;

/// <summary>Reads the values of a checkpoint's tensors.</summary>
public static class TensorValues
{
    /// <summary>Whether a tensor's values can be read: its number format is one of <see cref="NumberFormats"/>.</summary>
    /// <param name="tensor">The tensor.</param>
    public static bool CanRead(StoredTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return NumberFormats.OfStored(tensor.Type) is not null;
    }

    /// <summary>Reads values of a tensor, dequantized where it is quantized.</summary>
    /// <param name="header">The file's header.</param>
    /// <param name="stream">The file, from its start; it must seek.</param>
    /// <param name="tensor">A tensor of the header.</param>
    /// <param name="start">The first element to read: the start of a block of the tensor's number format.</param>
    /// <param name="values">Where they go; as many as fit are read.</param>
    /// <exception cref="ArgumentException">The header is an index, the numbers are big-endian or of a format that is not known,
    /// or the elements are not the tensor's.</exception>
    /// <exception cref="DefinitionException">The file is cut short, or its blocks are not valid.</exception>
    public static void Read(CheckpointHeader header, Stream stream, StoredTensor tensor, long start, Span<float> values)
    {
        ArgumentNullException.ThrowIfNull(header);
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensor);
        NumberFormat format = NumberFormats.OfStored(tensor.Type)
            ?? throw new ArgumentException($"{tensor.Name} is of {tensor.Type}, whose values cannot be read.", nameof(tensor));
        if (header.DataStart is not { } dataStart || header.IsBigEndian)
        {
            string problem = header.IsBigEndian
                ? "The numbers are big-endian, which is not read."
                : "The header is an index: give one of its files.";
            throw new ArgumentException(problem, nameof(header));
        }

        if (start < 0 || start % (format.BlockElements ?? 1) != 0 || start > tensor.Elements - values.Length)
        {
            throw new ArgumentException(
                $"Elements {start} to {start + values.Length} of {tensor.Name} are not whole blocks of its {tensor.Elements}.",
                nameof(start));
        }

        long count = format.ByteCount(values.Length);
        Int128 position = (Int128)dataStart + tensor.Start + format.ByteCount(start);
        if (count > Array.MaxLength || position < 0 || position > long.MaxValue - count)
        {
            throw new ArgumentException($"{tensor.Name}: {count} bytes at {position} cannot be read at once.", nameof(values));
        }

        byte[] rented = ArrayPool<byte>.Shared.Rent((int)count);
        try
        {
            Span<byte> bytes = rented.AsSpan(0, (int)count);
            stream.Position = (long)position;
            if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            {
                throw new DefinitionException(DefinitionFault.Malformed, tensor.Name,
                    "ends beyond the end of the file: it is cut short.");
            }

            format.Dequantize(bytes, values);
        }
        catch (ArgumentException error)
        {
            throw new DefinitionException(DefinitionFault.Malformed, tensor.Name, "holds what is not valid: " + error.Message,
                error);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
