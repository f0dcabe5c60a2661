using LlmMath.Engines;
using LlmMath.Speed.Own;

namespace LlmMath.Calibration;

/// <summary>Finds what times of one machine have in common: the shares of greatest likelihood, where y is normal with that
/// covariance. Groups count as the square root of their rows.</summary>
internal static class OwnFit
{
    // Steps on the logarithms of shares, halved until they are short.
    private const double FirstStep = 1, LastStep = 0.08;

    // No share is taken for less: a machine has a power limit, and no run repeats another.
    private const double LeastMachine = 0.03, LeastRow = 0.03;

    /// <summary>The shares of groups of rows.</summary>
    /// <param name="groups">Of each machine the places, and ln(measured ÷ profile) ÷ the profile's width.</param>
    public static OwnShares Of(IReadOnlyList<(OwnPlace[] Places, double[] Values)> groups)
    {
        double[] logs = [0, 0, 0, 0, -1];
        double best = Cost(groups, Shares(logs));
        for (double step = FirstStep; step > LastStep;)
        {
            bool moved = false;
            foreach (double move in new[] { step, -step })
            {
                for (int i = 0; i < logs.Length; i++)
                {
                    double[] next = [.. logs];
                    next[i] += move;
                    double cost = Cost(groups, Shares(next));
                    if (cost < best - 1e-6)
                    {
                        (logs, best, moved) = (next, cost, true);
                    }
                }
            }

            step = moved ? step : step / 2;
        }

        return Shares(logs);
    }

    private static OwnShares Shares(double[] logs)
    {
        double[] shares = [.. logs.Select(Math.Exp)];
        double sum = shares.Sum(), rest = 1 - LeastMachine - LeastRow;
        return new(LeastMachine + (rest * shares[0] / sum), rest * shares[1] / sum, rest * shares[2] / sum,
            rest * shares[3] / sum, LeastRow + (rest * shares[4] / sum));
    }

    private static double Cost(IReadOnlyList<(OwnPlace[] Places, double[] Values)> groups, OwnShares shares)
    {
        double cost = 0;
        foreach ((OwnPlace[] places, double[] values) in groups)
        {
            double[][] root = Cholesky.Root([.. places.Select((place, i) => Enumerable.Range(0, i + 1).Select(j =>
                shares.Between(place, places[j]) + (i == j ? shares.Row : 0)).ToArray())]);
            double[] rest = Cholesky.Forward(root, values);
            cost += (rest.Sum(value => value * value / 2) + root.Sum(row => Math.Log(row[^1]))) / Math.Sqrt(values.Length);
        }

        return cost;
    }
}
