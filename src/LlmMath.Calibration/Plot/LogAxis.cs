namespace LlmMath.Calibration;

/// <summary>Whole decades onto a length.</summary>
/// <param name="Lowest">The exponent of ten at its start.</param>
/// <param name="Decades">How many, 1 or more.</param>
/// <param name="Length">Pixels.</param>
internal readonly record struct LogAxis(int Lowest, int Decades, double Length)
{
    /// <summary>The decades that hold all values.</summary>
    public static LogAxis Over(IReadOnlyCollection<double> values, double length)
    {
        int low = (int)Math.Floor(Math.Log10(values.Min())), high = (int)Math.Ceiling(Math.Log10(values.Max()));
        return new(low, Math.Max(1, high - low), length);
    }

    /// <summary>Pixels from the start, cut to the axis.</summary>
    public double At(double value) => Math.Clamp((Math.Log10(value) - Lowest) / Decades, 0, 1) * Length;

    /// <summary>What stands at a decade's mark, in seconds.</summary>
    public string Mark(int decade) => (Lowest + decade) switch
    {
        -4 => "0.1 ms",
        -3 => "1 ms",
        -2 => "10 ms",
        -1 => "0.1 s",
        0 => "1 s",
        1 => "10 s",
        2 => "100 s",
        3 => "1000 s",
        var other => $"1e{other} s",
    };
}
