namespace LlmMath.Training;

/// <summary>How many parameters and tokens make the best of a number of operations.</summary>
public static class ComputeOptimal
{
    // N = 4·10⁸ · k · (C ÷ 1.92·10¹⁹)^a, by the least squares of the logarithms of the nine sizes of Hoffmann et al.,
    // arXiv:2203.15556, table 3 (approach 1: one power law in C).
    private const double First = 4e8 * Scale, FirstFlops = 1.92e19, Scale = 0.9983, Exponent = 0.4981;

    /// <summary>Parameters, by Chinchilla's first approach: within 1.3 % of the sizes of its table 3. Its token counts follow
    /// within 1 %, but that of 67 billion: the table has 1.5 trillion there, to two digits, and 5.76·10²³ ÷ 6 ÷ 67·10⁹ is 1.43
    /// trillion.</summary>
    /// <param name="flops">Operations of the whole run, 10¹⁸ to 10³⁰.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of range.</exception>
    public static double Parameters(double flops) => flops is >= 1e18 and <= 1e30
        ? First * Math.Pow(flops / FirstFlops, Exponent)
        : throw new ArgumentOutOfRangeException(nameof(flops), flops, "1e18 to 1e30 is right: what the law was found on.");

    /// <summary>Tokens: operations ÷ 6 ÷ parameters.</summary>
    /// <param name="flops">Operations of the whole run, 10¹⁸ to 10³⁰.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of range.</exception>
    public static double Tokens(double flops) => flops / 6 / Parameters(flops);

    /// <summary>How often a model has seen more tokens than would be best for it: tokens ÷ (20.5 × parameters), 20.5 being the
    /// ratio of the table's middle rows.</summary>
    /// <param name="parameters">Parameters, above 0.</param>
    /// <param name="tokens">Tokens, above 0.</param>
    public static double OverTraining(double parameters, double tokens) => tokens / (20.5 * parameters);
}
