using System.Buffers;
using LlmMath.Basics;

namespace LlmMath.Numerics;

/// <summary>
/// What quantizing some values cost them, as sums, so that the errors of parts add up to the error of the whole: x a value, y
/// what it became.
/// </summary>
/// <param name="Elements">How many values.</param>
/// <param name="Bytes">What they take when quantized.</param>
/// <param name="SquaredError">Σ(x − y)².</param>
/// <param name="Signal">Σx².</param>
/// <param name="DecodedSignal">Σy².</param>
/// <param name="Product">Σx·y.</param>
/// <param name="MaxError">The greatest |x − y|.</param>
/// <remarks>The sums are over the finite values x: of one that is NaN or infinite no error can be told, so it is counted in
/// <see cref="NotFinite"/> and left out. A finite one that became NaN or infinite is counted in <see cref="Overflowed"/>, and
/// makes the errors infinite.</remarks>
public readonly record struct QuantizationError(
    long Elements, long Bytes, double SquaredError, double Signal, double DecodedSignal, double Product, double MaxError)
{
    private const int PartElements = 1 << 16;

    /// <summary>Values that were NaN or infinite before, and are left out of the sums; 0 or more.</summary>
    public long NotFinite { get; init; }

    /// <summary>Finite values that became NaN or infinite: more than the format holds; 0 or more.</summary>
    public long Overflowed { get; init; }

    /// <summary>Whether every finite value came back as it was.</summary>
    public bool IsExact => SquaredError == 0;

    /// <summary>Bits of a value, scales included; 0 where there are no values.</summary>
    public double BitsPerWeight => Elements == 0 ? 0 : 8.0 * Bytes / Elements;

    /// <summary>Root of the mean squared error, √(Σ(x − y)² ÷ n), in the values' unit, n the finite values; 0 where there
    /// are none, infinite where some overflowed.</summary>
    public double Rmse => Elements == NotFinite ? 0 : Math.Sqrt(SquaredError / ((double)Elements - NotFinite));

    /// <summary>Signal to quantization noise in decibels, 10·log₁₀(Σx² ÷ Σ(x − y)²): infinite where nothing was lost, minus
    /// infinite where some values overflowed.</summary>
    public double SqnrDb => IsExact ? double.PositiveInfinity : 10 * Math.Log10(Signal / SquaredError);

    /// <summary>The cosine of the angle between the values before and after, Σxy ÷ √(Σx²·Σy²): 1 where nothing was lost, 0 where
    /// all of it was, NaN where some values overflowed.</summary>
    public double Cosine =>
        IsExact ? 1
        : Overflowed > 0 ? double.NaN
        : Signal == 0 || DecodedSignal == 0 ? 0
        : Product / (Math.Sqrt(Signal) * Math.Sqrt(DecodedSignal));

    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => RecordText.Of(nameof(QuantizationError), PrintMembers);

    /// <summary>The error of two parts together.</summary>
    /// <exception cref="EstimateException">There are more than 2⁶³ − 1 elements or bytes.</exception>
    public static QuantizationError operator +(QuantizationError left, QuantizationError right) => left.Add(right);

    /// <summary>The error of this part and another together.</summary>
    /// <param name="other">The other part.</param>
    /// <exception cref="EstimateException">There are more than 2⁶³ − 1 elements or bytes.</exception>
    public QuantizationError Add(QuantizationError other) => new(
        Basics.Size.Sum(nameof(Elements), Elements, other.Elements), Basics.Size.Sum(nameof(Bytes), Bytes, other.Bytes),
        SquaredError + other.SquaredError, Signal + other.Signal,
        DecodedSignal + other.DecodedSignal, Product + other.Product, Math.Max(MaxError, other.MaxError))
    {
        NotFinite = Basics.Size.Sum(nameof(NotFinite), NotFinite, other.NotFinite),
        Overflowed = Basics.Size.Sum(nameof(Overflowed), Overflowed, other.Overflowed),
    };

    /// <summary>Compares values before and after.</summary>
    /// <param name="values">The values.</param>
    /// <param name="decoded">What they became, as many.</param>
    /// <param name="bytes">What they take when quantized.</param>
    /// <exception cref="ArgumentException">There are not as many.</exception>
    public static QuantizationError Between(ReadOnlySpan<float> values, ReadOnlySpan<float> decoded, long bytes)
    {
        if (values.Length != decoded.Length)
        {
            throw new ArgumentException($"{decoded.Length} decoded values were given for {values.Length}; there must be as many.",
                nameof(decoded));
        }

        double squaredError = 0, signal = 0, decodedSignal = 0, product = 0, maxError = 0;
        long notFinite = 0, overflowed = 0;
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                notFinite++;
                continue;
            }

            bool isHeld = float.IsFinite(decoded[i]);
            overflowed += isHeld ? 0 : 1;
            double x = values[i], y = decoded[i], error = isHeld ? Math.Abs(x - y) : double.PositiveInfinity;
            squaredError += error * error;
            signal += x * x;
            decodedSignal += y * y;
            product += x * y;
            maxError = Math.Max(maxError, error);
        }

        return new QuantizationError(values.Length, bytes, squaredError, signal, decodedSignal, product, maxError)
        {
            NotFinite = notFinite,
            Overflowed = overflowed,
        };
    }

    /// <summary>Quantizes a tensor, or whole rows of one, dequantizes them and compares.</summary>
    /// <param name="format">The format. For one whose scale is the tensor's, <paramref name="values"/> must be all of it.</param>
    /// <param name="values">The values, row by row.</param>
    /// <param name="rowElements">Elements of a row, 1 or more.</param>
    /// <param name="cancellation">Stops the work between parts of it.</param>
    /// <exception cref="ArgumentException">The values are no whole rows, or the format cannot hold one.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public static QuantizationError Measure(
        NumberFormat format, ReadOnlySpan<float> values, int rowElements, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(format);
        ArgumentOutOfRangeException.ThrowIfLessThan(rowElements, 1);
        if (values.Length % rowElements != 0)
        {
            throw new ArgumentException($"{values.Length} values are no whole rows of {rowElements}.", nameof(values));
        }

        // Blocks run on from row to row; a part ends with a block of any format, and the last one is what is left.
        int part = format.Scope switch
        {
            QuantizationScope.Row => rowElements,
            QuantizationScope.Tensor => Math.Max(1, values.Length),
            _ => format.BlockElements is { } block ? Math.Max(1, PartElements / block) * block : rowElements,
        };
        byte[] bytes = ArrayPool<byte>.Shared.Rent(checked((int)format.ByteCount(part)));
        float[] decoded = ArrayPool<float>.Shared.Rent(part);
        try
        {
            QuantizationError sum = default;
            for (int start = 0; start < values.Length; start += Math.Min(part, values.Length - start))
            {
                cancellation.ThrowIfCancellationRequested();
                ReadOnlySpan<float> from = values.Slice(start, Math.Min(part, values.Length - start));
                Span<byte> quantized = bytes.AsSpan(0, (int)format.ByteCount(from.Length));
                format.Quantize(from, quantized);
                format.Dequantize(quantized, decoded.AsSpan(0, from.Length));
                sum += Between(from, decoded.AsSpan(0, from.Length), quantized.Length);
            }

            return sum;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
            ArrayPool<float>.Shared.Return(decoded);
        }
    }
}
