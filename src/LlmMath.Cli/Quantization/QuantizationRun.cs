using LlmMath.Cli.Output;

namespace LlmMath.Cli;

/// <summary>Quantizes every tensor of a source in every format, piece by piece, the formats side by side.</summary>
internal static class QuantizationRun
{
    private const long PieceElements = 1 << 22;

    /// <summary>The error of each format over all tensors, in the formats' order.</summary>
    /// <exception cref="CliException">A tensor cannot be read, or a format cannot hold it.</exception>
    public static QuantizationError[] Measure(IValueSource source, NumberFormat[] formats, ProgressLine progress)
    {
        var errors = new QuantizationError[formats.Length];
        long done = 0, total = source.Tensors.Sum(tensor => tensor.Elements);
        foreach (SourceTensor tensor in source.Tensors)
        {
            int piece = Piece(tensor, formats);
            float[] values = new float[Math.Min(piece, tensor.Elements)];
            for (long start = 0; start < tensor.Elements; start += piece)
            {
                int count = (int)Math.Min(piece, tensor.Elements - start);
                source.Read(tensor, start, values.AsSpan(0, count));
                try
                {
                    Parallel.For(0, formats.Length, i =>
                        errors[i] += Measure(formats[i], values.AsSpan(0, count), tensor, start));
                }
                catch (AggregateException problems)
                {
                    throw new CliException(problems.InnerExceptions[0].Message, problems);
                }

                progress.Report(done += count, total, tensor.Name);
            }
        }

        progress.Clear();
        return errors;
    }

    private static QuantizationError Measure(NumberFormat format, ReadOnlySpan<float> values, SourceTensor tensor, long start)
    {
        try
        {
            return QuantizationError.Measure(format, values, tensor.RowElements);
        }
        catch (ArgumentException error)
        {
            string problem = error.Message.Split(" (Parameter")[0];
            throw new CliException($"{tensor.Name}: {format} cannot hold it. In the part from element {start} on: {problem}", error);
        }
    }

    // Whole rows, and whole blocks of every format, so that no block is cut where a piece ends; the whole tensor where a format's
    // scale is.
    private static int Piece(SourceTensor tensor, NumberFormat[] formats)
    {
        long step = formats.Aggregate((long)tensor.RowElements, (multiple, format) =>
            LeastCommonMultiple(multiple, format.BlockElements ?? 1));
        long piece = formats.Any(format => format.Scope == QuantizationScope.Tensor)
            ? tensor.Elements
            : Math.Max(1, PieceElements / step) * step;
        return Math.Min(piece, tensor.Elements) is var size && size <= Array.MaxLength
            ? (int)size
            : throw new CliException(
                $"{tensor.Name} has {tensor.Elements:N0} elements, more than fit in memory at once: leave out "
                + string.Join(", ", formats.Where(format => format.Scope == QuantizationScope.Tensor)) + ", whose scale is the tensor's.");
    }

    private static long LeastCommonMultiple(long a, long b)
    {
        (long x, long y) = (a, b);
        while (y != 0)
        {
            (x, y) = (y, x % y);
        }

        return checked(a / x * b);
    }
}
