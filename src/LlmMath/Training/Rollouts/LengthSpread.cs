namespace LlmMath.Training.Rollouts;

/// <summary>Lengths as a logarithmic normal distribution that is cut at a limit: ln of a length has mean μ and standard deviation
/// σ, both in ln of tokens.</summary>
internal readonly record struct LengthSpread
{
    // Where a standard normal variable has 95 % below; σ at which the mean of a distribution with a given 95th percentile is
    // least; σ of answers of which more than one in twenty are cut: that at which 95th percentile ÷ mean is 2.136, as in
    // TokenLengths.
    private const double Z95 = 1.6448536, MostSigma = Z95, UsualSigma = 0.556;

    private const int Steps = 40;

    private LengthSpread(double mu, double sigma, double limit) => (Mu, Sigma, Limit) = (mu, sigma, limit);

    private double Mu { get; }

    private double Sigma { get; }

    /// <summary>The longest, in tokens.</summary>
    public double Limit { get; }

    /// <summary>The distribution with a mean, and where fewer than one in twenty are cut with the 95th percentile too.</summary>
    public static LengthSpread Of(in TokenLengths lengths)
    {
        double limit = lengths.Limit, p95 = lengths.P95;
        if (lengths.Mean >= limit || p95 <= lengths.Mean)
        {
            return new(Math.Log(lengths.Mean), 0, Math.Max(limit, lengths.Mean));
        }

        double sigma = UsualSigma;
        if (p95 < limit)
        {
            double low = 1e-6, high = MostSigma;
            for (int i = 0; i < Steps; i++)
            {
                sigma = (low + high) / 2;
                (low, high) = new LengthSpread(Math.Log(p95) - (Z95 * sigma), sigma, limit).Moment(1) > lengths.Mean
                    ? (sigma, high) : (low, sigma);
            }
        }

        double from = Math.Log(lengths.Mean) - 5, to = Math.Log(limit) + 10;
        for (int i = 0; i < Steps; i++)
        {
            double middle = (from + to) / 2;
            (from, to) = new LengthSpread(middle, sigma, limit).Moment(1) < lengths.Mean ? (middle, to) : (from, middle);
        }

        return new(from, sigma, limit);
    }

    /// <summary>Share of lengths above so many tokens.</summary>
    public double Above(double tokens) => tokens >= Limit ? 0 : tokens <= 0 ? 1
        : Sigma == 0 ? (Math.Log(tokens) < Mu ? 1 : 0) : 1 - Normal((Math.Log(tokens) - Mu) / Sigma);

    /// <summary>The mean of the k-th power: exp(k·μ + k²σ² ÷ 2)·Φ((ln L − μ) ÷ σ − k·σ) + Lᵏ·(1 − Φ((ln L − μ) ÷ σ)), L the
    /// limit.</summary>
    public double Moment(int k)
    {
        if (Sigma == 0)
        {
            return Math.Exp(k * Mu);
        }

        double z = (Math.Log(Limit) - Mu) / Sigma;
        return (Math.Exp((k * Mu) + (k * k * Sigma * Sigma / 2)) * Normal(z - (k * Sigma)))
            + (Math.Pow(Limit, k) * (1 - Normal(z)));
    }

    // The share of a standard normal distribution below z, within 1.5·10⁻⁷. Source: Abramowitz and Stegun, Handbook of
    // Mathematical Functions, 7.1.26.
    private static double Normal(double z)
    {
        double x = Math.Abs(z) / Math.Sqrt(2), t = 1 / (1 + (0.3275911 * x));
        double tail = t * (0.254829592 + (t * (-0.284496736 + (t * (1.421413741 + (t * (-1.453152027 + (t * 1.061405429))))))))
            * Math.Exp(-x * x) / 2;
        return z >= 0 ? 1 - tail : tail;
    }
}
