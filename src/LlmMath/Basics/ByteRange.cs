namespace LlmMath;

/// <summary>An estimated size: its likely value, and between what it was seen to lie.</summary>
/// <param name="Low">Few lie below.</param>
/// <param name="Expected">The likely value.</param>
/// <param name="High">Few lie above.</param>
public readonly record struct ByteRange(ByteSize Low, ByteSize Expected, ByteSize High)
{
    /// <summary>A size of mebibytes, with its range.</summary>
    internal static ByteRange Mebibytes(long low, long expected, long high) =>
        new(new(low << 20), new(expected << 20), new(high << 20));

    /// <summary>Expected, and the range in brackets.</summary>
    public override string ToString() => Low == High ? Expected.ToString() : $"{Expected} [{Low} to {High}]";
}
