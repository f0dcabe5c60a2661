using LlmMath.Placement;

namespace LlmMath.Speed.Pass;

/// <summary>How unevenly tokens lie on GPUs that hold whole experts, all of them as likely to be picked.</summary>
internal static class ExpertBalance
{
    // The place of the largest of n among the quantiles of a normal distribution is (n − α) ÷ (n + 1 − 2α). Source: Blom 1958, as
    // https://rdrr.io/cran/EnvStats/man/evNormOrdStats.html has it with α = 3/8 (2026-12-01).
    private const double Blom = 0.375;

    /// <summary>
    /// Experts that a step touches on the GPU that has most of them ÷ those of the mean GPU, 1 or more: (m + z · σ) ÷ m, at most
    /// all that it holds. Each of its h experts is touched with probability m ÷ h, so σ = √(m · (1 − m ÷ h)); z is the normal
    /// quantile that the largest of as many GPUs is expected at.
    /// </summary>
    /// <param name="held">Experts that a GPU holds, h.</param>
    /// <param name="touched">Those of them that the step is expected to touch, m.</param>
    /// <param name="gpus">GPUs that hold different experts; one has no other.</param>
    public static double Fullest(double held, double touched, int gpus)
    {
        if (gpus <= 1 || touched <= 0 || touched >= held)
        {
            return 1;
        }

        double z = Normal.Quantile((gpus - Blom) / (gpus + 1 - (2 * Blom)));
        return Math.Min(held, touched + (z * Math.Sqrt(touched * (1 - (touched / held))))) / touched;
    }
}
