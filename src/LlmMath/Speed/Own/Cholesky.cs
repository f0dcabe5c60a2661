namespace LlmMath.Speed.Own;

/// <summary>Symmetric positive systems, A = L · Lᵀ.</summary>
internal static class Cholesky
{
    /// <summary>L of A + damping · diag A.</summary>
    /// <param name="lower">The lower triangle of A, row by row.</param>
    /// <param name="damping">0 or more.</param>
    public static double[][] Root(double[][] lower, double damping = 0)
    {
        double[][] root = new double[lower.Length][];
        for (int i = 0; i < root.Length; i++)
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

        return root;
    }

    /// <summary>x of L · x = b.</summary>
    public static double[] Forward(double[][] root, double[] right)
    {
        double[] x = [.. right];
        for (int i = 0; i < x.Length; i++)
        {
            for (int k = 0; k < i; k++)
            {
                x[i] -= root[i][k] * x[k];
            }

            x[i] /= root[i][i];
        }

        return x;
    }

    /// <summary>x of L · Lᵀ · x = b.</summary>
    public static double[] Solve(double[][] root, double[] right)
    {
        double[] x = Forward(root, right);
        for (int i = x.Length - 1; i >= 0; i--)
        {
            for (int k = i + 1; k < x.Length; k++)
            {
                x[i] -= root[k][i] * x[k];
            }

            x[i] /= root[i][i];
        }

        return x;
    }
}
