namespace LlmMath.Placement;

/// <summary>Lengths as a logarithmic normal distribution that is cut at a limit: ln of a length has mean μ and standard deviation
/// σ, both in ln of tokens.</summary>
internal readonly record struct LengthSpread
{
    // σ of answers of which more than one in twenty are cut: that at which 95th percentile ÷ mean is 2.136, as in TokenLengths.
    private const double UsualSigma = 0.556;

    private const int Steps = 40;

    // Where a standard normal variable has 95 % below: also the σ at which the mean of a distribution with a given 95th
    // percentile is least.
    private static readonly double s_z95 = Normal.Quantile(0.95);

    private LengthSpread(double mu, double sigma, double limit) => (Mu, Sigma, Limit) = (mu, sigma, limit);

    /// <summary>Uncut, by median and 95th percentile: σ = ln(p95 ÷ median) ÷ 1.645.</summary>
    public static LengthSpread Between(double median, double p95, double limit) =>
        new(Math.Log(median), Math.Log(p95 / median) / s_z95, limit);

    private double Mu { get; }

    /// <summary>The standard deviation of the logarithm.</summary>
    public double Sigma { get; }

    /// <summary>The longest, in tokens.</summary>
    public double Limit { get; }

    /// <summary>The distribution with a mean, and where fewer than one in twenty are cut with the 95th percentile too.</summary>
    public static LengthSpread Around(double mean, double p95, double limit)
    {
        if (mean >= limit || p95 <= mean)
        {
            return new(Math.Log(mean), 0, Math.Max(limit, mean));
        }

        double sigma = UsualSigma;
        if (p95 < limit)
        {
            double low = 1e-6, high = s_z95;
            for (int i = 0; i < Steps; i++)
            {
                sigma = (low + high) / 2;
                (low, high) = new LengthSpread(Math.Log(p95) - (s_z95 * sigma), sigma, limit).Moment(1) > mean
                    ? (sigma, high) : (low, sigma);
            }
        }

        double from = Math.Log(mean) - 5, to = Math.Log(limit) + 10;
        for (int i = 0; i < Steps; i++)
        {
            double middle = (from + to) / 2;
            (from, to) = new LengthSpread(middle, sigma, limit).Moment(1) < mean ? (middle, to) : (from, middle);
        }

        return new(from, sigma, limit);
    }

    /// <summary>Share of lengths above so many tokens.</summary>
    public double Above(double tokens) => tokens >= Limit ? 0 : tokens <= 0 ? 1
        : Sigma == 0 ? (Math.Log(tokens) < Mu ? 1 : 0) : 1 - Normal.Share((Math.Log(tokens) - Mu) / Sigma);

    /// <summary>The mean of the k-th power: exp(k·μ + k²σ² ÷ 2)·Φ((ln L − μ) ÷ σ − k·σ) + Lᵏ·(1 − Φ((ln L − μ) ÷ σ)), L the
    /// limit.</summary>
    public double Moment(int k)
    {
        if (Sigma == 0)
        {
            return Math.Exp(k * Mu);
        }

        double z = (Math.Log(Limit) - Mu) / Sigma;
        return (Math.Exp((k * Mu) + (k * k * Sigma * Sigma / 2)) * Normal.Share(z - (k * Sigma)))
            + (Math.Pow(Limit, k) * (1 - Normal.Share(z)));
    }

    /// <summary>Tokens that all but (100 − p) in a hundred do not exceed: exp(μ + z(p) · σ), at most the limit.</summary>
    public double At(double percentile) => Math.Min(Limit, Math.Exp(Mu + (Sigma * Normal.Quantile(percentile / 100))));
}
