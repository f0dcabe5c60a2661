namespace LlmMath.Placement;

/// <summary>The standard normal distribution.</summary>
internal static class Normal
{
    /// <summary>The value below which a share lies, by Acklam's rational approximation, whose relative error is below 1.2 · 10⁻⁹.
    /// Source: P. J. Acklam, An algorithm for computing the inverse normal cumulative distribution function, 2003.</summary>
    /// <param name="share">Above 0, below 1.</param>
    public static double Quantile(double share)
    {
        if (share > 0.5)
        {
            return -Quantile(1 - share);
        }

        if (share < 0.02425)
        {
            double tail = Math.Sqrt(-2 * Math.Log(share));
            return Horner(tail, -7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838, -2.549732539343734,
                    4.374664141464968, 2.938163982698783)
                / Horner(tail, 0, 7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996, 3.754408661907416, 1);
        }

        double q = share - 0.5, r = q * q;
        return q * Horner(r, -3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02, 1.383577518672690e+02,
                -3.066479806614716e+01, 2.506628277459239)
            / ((r * Horner(r, 0, -5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02, 6.680131188771972e+01,
                -1.328068155288572e+01)) + 1);
    }

    /// <summary>The share that lies below a value: ½ · erfc(−z ÷ √2), by Numerical Recipes' erfcc, whose relative error is below
    /// 1.2 · 10⁻⁷. Source: Press et al., Numerical Recipes in C, 2nd edition, §6.2.</summary>
    /// <param name="z">The value in standard deviations.</param>
    public static double Share(double z)
    {
        double x = Math.Abs(z) / Math.Sqrt(2), t = 1 / (1 + (0.5 * x));
        ReadOnlySpan<double> terms =
            [0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196, 1.00002368,
                -1.26551223];
        double sum = 0;
        foreach (double term in terms)
        {
            sum = (sum * t) + term;
        }

        double tail = 0.5 * t * Math.Exp((-x * x) + sum);
        return z > 0 ? 1 - tail : tail;
    }

    private static double Horner(double x, double a, double b, double c, double d, double e, double f) =>
        (((((((((a * x) + b) * x) + c) * x) + d) * x) + e) * x) + f;
}
