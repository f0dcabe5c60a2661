namespace LlmMath.Speed.Kernels;

/// <summary>A table of times over its second size, the first 1 and the others fixed.</summary>
/// <param name="Logs">Logarithms of seconds at the powers of two.</param>
/// <param name="BeyondY">How many times beyond the table the third size is.</param>
/// <param name="BeyondZ">The same of the last.</param>
internal sealed record LogLine(double[] Logs, double BeyondY, double BeyondZ)
{
    /// <summary>Seconds where the size cuts the table: what the table gives, to the bit.</summary>
    public double Seconds(in LogCut at)
    {
        double log = at.Within > 0 ? Logs[at.Cell] + (at.Within * (Logs[at.Cell + 1] - Logs[at.Cell])) : Logs[at.Cell];
        return Math.Exp(log) * (at.Beyond * BeyondY * BeyondZ);
    }
}

/// <summary>Where a size lies in tables of one axis, found once for all of them.</summary>
/// <param name="Cell">The cell.</param>
/// <param name="Within">The place in it, 0 to 1.</param>
/// <param name="Beyond">How many times beyond the last size; 1 where it is not.</param>
internal readonly record struct LogCut(int Cell, double Within, double Beyond);
