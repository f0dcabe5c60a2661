namespace LlmMath.Speed.Kernels;

/// <summary>A table of times over one of its sizes, the others fixed.</summary>
/// <param name="Of">The table, whose first size is 1.</param>
/// <param name="Logs">Logarithms of seconds at its second size's powers of two.</param>
/// <param name="BeyondY">How many times beyond the table the third size is.</param>
/// <param name="BeyondZ">The same of the last.</param>
internal sealed record LogLine(LogTable Of, double[] Logs, double BeyondY, double BeyondZ)
{
    /// <summary>Seconds at a size: what the table gives, to the bit.</summary>
    public double Seconds(double x)
    {
        (int cell, double within, double beyond) = Of.Cut(x);
        double log = within > 0 ? Logs[cell] + (within * (Logs[cell + 1] - Logs[cell])) : Logs[cell];
        return Math.Exp(log) * (beyond * BeyondY * BeyondZ);
    }
}
