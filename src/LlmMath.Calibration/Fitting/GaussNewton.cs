using LlmMath.Speed.Own;

namespace LlmMath.Calibration;

/// <summary>Gauss-Newton steps with Levenberg's damping.</summary>
internal static class GaussNewton
{
    // A factor changes by at most e^0.2 in a step: longer ones end in other valleys.
    private const double LongestMove = 0.2;

    // A step that gains less than this share of the cost is the last.
    private const double Enough = 2e-5;

    /// <summary>Where the cost is least, as far as the steps reach.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="steps">The most steps.</param>
    /// <param name="attempts">How often a step is damped more before the search ends.</param>
    public static double[] Minimize(FitProblem problem, int steps, int attempts)
    {
        double[] x = problem.Space.Start();
        double damping = 1e-3, cost = problem.Cost(x);
        for (int step = 0; step < steps; step++)
        {
            (double[][] normal, double[] gradient) = problem.Normal(x);
            bool improved = false;
            for (int attempt = 0; attempt < attempts && !improved; attempt++)
            {
                double[] move = Cholesky.Solve(Cholesky.Root(normal, damping), gradient);
                double[] next = [.. x.Select((value, i) => value - Math.Clamp(move[i], -LongestMove, LongestMove))];
                double reached = problem.Cost(next);
                improved = reached < cost;
                damping = improved ? Math.Max(1e-6, damping / 5) : damping * 8;
                if (improved)
                {
                    step = (cost - reached) / cost < Enough ? steps : step;
                    (x, cost) = (next, reached);
                }
            }

            if (!improved)
            {
                break;
            }
        }

        return x;
    }
}
