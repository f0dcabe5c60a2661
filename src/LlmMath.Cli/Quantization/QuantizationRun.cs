using System.Globalization;
using LlmMath.Cli.Output;
using LlmMath.Numerics;
using static LlmMath.Cli.Output.Tables;

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
        var problems = new CliException?[formats.Length];
        long done = 0, total = checked(source.Tensors.Sum(tensor => tensor.Elements) * formats.Length);
        foreach (SourceTensor tensor in source.Tensors)
        {
            int piece = Piece(tensor, formats);
            float[] values = Buffer(source, tensor, formats, piece);
            for (long start = 0; start < tensor.Elements; start += piece)
            {
                int count = (int)Math.Min(piece, tensor.Elements - start);
                source.Read(tensor, start, values.AsSpan(0, count));
                Parallel.For(0, formats.Length, i =>
                {
                    try
                    {
                        errors[i] += QuantizationError.Measure(formats[i], values.AsSpan(0, count), tensor.RowElements);
                    }
                    catch (ArgumentException error)
                    {
                        problems[i] = CannotHold(source, tensor, formats[i], values.AsSpan(0, count), start, error);
                    }
                    catch (OutOfMemoryException error)
                    {
                        problems[i] = TooLarge(source, tensor, formats, count, error);
                    }

                    progress.Report(Interlocked.Add(ref done, count), total, tensor.Name);
                });

                if (Array.Find(problems, problem => problem is not null) is { } first)
                {
                    progress.Clear();
                    throw first;
                }
            }
        }

        progress.Clear();
        return errors;
    }

    private static float[] Buffer(IValueSource source, SourceTensor tensor, NumberFormat[] formats, int piece)
    {
        try
        {
            return new float[Math.Min(piece, tensor.Elements)];
        }
        catch (OutOfMemoryException error)
        {
            throw TooLarge(source, tensor, formats, piece, error);
        }
    }

    // The first value that is no number, or else the greatest, by its place in the tensor: the format's own error counts from
    // where its part begins.
    private static CliException CannotHold(
        IValueSource source, SourceTensor tensor, NumberFormat format, ReadOnlySpan<float> values, long start,
        ArgumentException error)
    {
        int worst = 0;
        for (int i = 0; i < values.Length && float.IsFinite(values[worst]); i++)
        {
            worst = !float.IsFinite(values[i]) || MathF.Abs(values[i]) > MathF.Abs(values[worst]) ? i : worst;
        }

        string why = float.IsFinite(values[worst]) ? "the greatest near it, too large for a scale" : "not a finite number";
        return new CliException(
            string.Create(CultureInfo.InvariantCulture,
                $"{source.Name}: {tensor.Name}: {format} cannot hold it: "
                    + $"element {start + worst:N0} is {values[worst]:R}, {why}."), error);
    }

    // Whole rows, and whole blocks of every format, so that no block is cut where a piece ends; the whole tensor where a format's
    // scale is.
    private static int Piece(SourceTensor tensor, NumberFormat[] formats)
    {
        long step = formats.Aggregate((long)tensor.RowElements, (multiple, format) =>
            LeastCommonMultiple(multiple, format.BlockElements ?? 1));
        long piece = formats.Any(IsOfTensor)
            ? tensor.Elements
            : Math.Max(1, PieceElements / step) * step;
        return Math.Min(piece, tensor.Elements) is var size && size <= Array.MaxLength
            ? (int)size
            : throw new CliException($"{tensor.Name} has {N(tensor.Elements)} elements, more than fit in memory at once: "
                + LeaveOut(formats));
    }

    private static CliException TooLarge(
        IValueSource source, SourceTensor tensor, NumberFormat[] formats, long elements, OutOfMemoryException error) =>
        new($"{source.Name}: out of memory: {N(elements)} elements of {tensor.Name} are needed at once: "
            + (formats.Any(IsOfTensor) ? LeaveOut(formats) : "give a part of it, or fewer formats."), error);

    private static string LeaveOut(NumberFormat[] formats) =>
        $"leave out {string.Join(", ", formats.Where(IsOfTensor))}, whose scale is the tensor's.";

    private static bool IsOfTensor(NumberFormat format) => format.Scope == QuantizationScope.Tensor;

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
