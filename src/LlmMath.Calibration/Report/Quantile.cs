namespace LlmMath.Calibration;

/// <summary>Quantiles.</summary>
internal static class Quantile
{
    /// <summary>By linear interpolation between the values next to it.</summary>
    /// <param name="values">One or more, in any order.</param>
    /// <param name="share">0 for the least, 1 for the greatest.</param>
    public static double Of(IEnumerable<double> values, double share)
    {
        double[] sorted = [.. values.Order()];
        double at = share * (sorted.Length - 1);
        int low = (int)at;
        return sorted[low] + ((at - low) * (sorted[Math.Min(low + 1, sorted.Length - 1)] - sorted[low]));
    }
}
