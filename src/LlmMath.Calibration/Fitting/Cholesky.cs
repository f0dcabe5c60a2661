namespace LlmMath.Calibration;

/// <summary>Solves symmetric positive systems.</summary>
internal static class Cholesky
{
    /// <summary>x of (A + damping · diag A) x = b.</summary>
    /// <param name="lower">The lower triangle of A, row by row.</param>
    /// <param name="right">b.</param>
    /// <param name="damping">0 or more.</param>
    public static double[] Solve(double[][] lower, double[] right, double damping)
    {
        int n = right.Length;
        double[][] root = new double[n][];
        for (int i = 0; i < n; i++)
        {
            double[] row = root[i] = new double[i + 1];
            for (int j = 0; j <= i; j++)
            {
                double sum = lower[i][j] * (i == j ? 1 + damping : 1);
                double[] other = root[j];
                for (int k = 0; k < j; k++)
                {
                    sum -= row[k] * other[k];
                }

                row[j] = i == j ? Math.Sqrt(Math.Max(sum, 1e-12)) : sum / other[j];
            }
        }

        double[] x = [.. right];
        for (int i = 0; i < n; i++)
        {
            for (int k = 0; k < i; k++)
            {
                x[i] -= root[i][k] * x[k];
            }

            x[i] /= root[i][i];
        }

        for (int i = n - 1; i >= 0; i--)
        {
            for (int k = i + 1; k < n; k++)
            {
                x[i] -= root[k][i] * x[k];
            }

            x[i] /= root[i][i];
        }

        return x;
    }
}
