using System.Globalization;

namespace LlmMath;

/// <summary>A number of bytes. Prints decimal and binary units side by side, since vendors and drivers disagree on what a
/// gigabyte is.</summary>
/// <param name="Bytes">The bytes, 0 or more.</param>
public readonly record struct ByteSize(long Bytes) : IComparable<ByteSize>
{
    /// <summary>Decimal gigabytes: bytes ÷ 10⁹.</summary>
    public double Gigabytes => Bytes / 1e9;

    /// <summary>Binary gigabytes: bytes ÷ 2³⁰.</summary>
    public double Gibibytes => Bytes / (double)(1L << 30);

    /// <summary>Bytes of a number of binary gigabytes, to the nearest byte.</summary>
    /// <param name="gibibytes">0 or more, below 2³³.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative, too large or none.</exception>
    public static ByteSize FromGibibytes(double gibibytes) => gibibytes is >= 0 and < 1L << 33
        ? new((long)Math.Round(gibibytes * (1L << 30)))
        : throw new ArgumentOutOfRangeException(nameof(gibibytes), gibibytes, "0 or more, and below 2^33, is right.");

    /// <summary>Whether the left size is smaller.</summary>
    public static bool operator <(ByteSize left, ByteSize right) => left.Bytes < right.Bytes;

    /// <summary>Whether the left size is larger.</summary>
    public static bool operator >(ByteSize left, ByteSize right) => left.Bytes > right.Bytes;

    /// <summary>Whether the left size is smaller or equal.</summary>
    public static bool operator <=(ByteSize left, ByteSize right) => left.Bytes <= right.Bytes;

    /// <summary>Whether the left size is larger or equal.</summary>
    public static bool operator >=(ByteSize left, ByteSize right) => left.Bytes >= right.Bytes;

    /// <summary>The sum of two sizes.</summary>
    /// <exception cref="EstimateException">The sum exceeds 2⁶³ − 1.</exception>
    public static ByteSize operator +(ByteSize left, ByteSize right) => left.Add(right);

    /// <summary>The sum of this size and another.</summary>
    /// <param name="other">The other size.</param>
    /// <exception cref="EstimateException">The sum exceeds 2⁶³ − 1.</exception>
    public ByteSize Add(ByteSize other)
    {
        long sum = unchecked(Bytes + other.Bytes);
        return ((Bytes ^ sum) & (other.Bytes ^ sum)) >= 0 ? new(sum) : throw TooLarge(other);
    }

    private EstimateException TooLarge(ByteSize other) =>
        EstimateException.TooLarge(nameof(Bytes), $"{this} and {other} together");

    /// <summary>What this size is above another; at most 2⁶³ − 1.</summary>
    internal ByteSize Less(ByteSize other) =>
        new(other.Bytes < 0 && Bytes > long.MaxValue + other.Bytes ? long.MaxValue : Bytes - other.Bytes);

    /// <inheritdoc/>
    public int CompareTo(ByteSize other) => Bytes.CompareTo(other.Bytes);

    /// <summary>Bytes, decimal and binary: <c>1.43 GB (1.33 GiB)</c>; below a megabyte the bytes alone.</summary>
    public override string ToString()
    {
        double magnitude = Math.Abs((double)Bytes);
        return magnitude switch
        {
            < 1e6 => string.Format(CultureInfo.InvariantCulture, "{0:N0} bytes", Bytes),
            < 1e9 => string.Format(CultureInfo.InvariantCulture,
                "{0:0.00} MB ({1:0.00} MiB)", Bytes / 1e6, Bytes / (double)(1 << 20)),
            _ => string.Format(CultureInfo.InvariantCulture, "{0:0.00} GB ({1:0.00} GiB)", Gigabytes, Gibibytes),
        };
    }
}
