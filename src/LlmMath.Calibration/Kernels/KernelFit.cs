using LlmMath.Engines.Kernels;
using LlmMath.Speed.Kernels;

namespace LlmMath.Calibration.Kernels;

/// <summary>Fits a profile to a set, and says how far it is off on what it has not seen.</summary>
internal static class KernelFit
{
    private const int Folds = 3;

    // The form sees so many rows at most; the corrections see all.
    private const int MostRows = 900;

    // The share of a timing that others may take where a correction is fitted to the rest.
    private const double LeastOwn = 0.7;

    /// <summary>The profile of a set.</summary>
    public static KernelProfile Of(KernelSet set)
    {
        KernelForm form = FormFit.Of(Thinned(set));
        KernelPeaks peaks = set.Peaks;
        // What is left of a timing that is mainly other kernels' tells nothing.
        KernelTiming[] own = [.. set.Rows.Where(row => row.Beside < LeastOwn * row.Seconds)];
        double[] off = [.. own.Select(row =>
            Math.Log((row.Seconds - row.Beside) / KernelFormula.Seconds(form, set.Operator, peaks, row.Sizes)))];
        double[] corrections = CorrectionFit.Of(set.Axes, [.. own.Select(row => row.Sizes)], off, Together(set.Operator));
        return new()
        {
            Operator = set.Operator,
            Variant = set.Variant,
            Gpu = set.Gpu,
            Engine = set.Engine,
            Kernels = [.. set.Kernels],
            Releases = [.. set.Releases],
            Rows = set.Rows.Count,
            Shapes = set.Rows.Select(row => row.Shape).Distinct(StringComparer.Ordinal).Count(),
            Form = form,
            Corrections = [.. corrections.Select(c => Stepped(c))],
        };
    }

    /// <summary>Logarithms of estimate ÷ timing, each from a fit that has not seen the row's shape (or, row-wise, the row);
    /// not a
    /// number where nothing else was timed, and, row-wise, for the two parts of three that were kept.</summary>
    public static double[] HeldOut(KernelSet set, bool byRow)
    {
        int[] fold = Assign(set, byRow);
        double[] off = [.. Enumerable.Repeat(double.NaN, set.Rows.Count)];
        for (int f = 0; f < (byRow ? 1 : Folds); f++)
        {
            KernelSet kept = set.With(set.Rows.Where((_, i) => fold[i] != f));
            if (kept.Rows.Count == set.Rows.Count || kept.Rows.Count < 10)
            {
                continue;
            }

            KernelTable table = Table(Of(kept), GpuCatalog.Find(set.Gpu));
            for (int i = 0; i < fold.Length; i++)
            {
                off[i] = fold[i] == f ? Off(table, set.Rows[i]) : off[i];
            }
        }

        return off;
    }

    /// <summary>Logarithms of estimate ÷ timing from a profile of another GPU.</summary>
    public static double[] Borrowed(KernelSet set, KernelProfile profile)
    {
        KernelTable table = Table(profile, GpuCatalog.Find(set.Gpu));
        return [.. set.Rows.Select(row => Off(table, row))];
    }

    private static double Off(KernelTable table, KernelTiming row) =>
        Math.Log((Seconds(table, row.Sizes) + row.Beside) / row.Seconds);

    /// <summary>A time of a table at a point.</summary>
    public static double Seconds(KernelTable table, double[] x) => x.Length switch
    {
        2 => table.Seconds(1, 1, x[0], x[1]),
        3 => table.Seconds(1, x[0], x[1], x[2]),
        _ => table.Seconds(x[0], x[1], x[2], x[3]),
    };

    private static KernelTable Table(KernelProfile profile, Gpu gpu) => new(profile.Operator,
        new(KernelRests.Measured, profile), KernelPeaks.Of(profile.Operator, profile.Variant, gpu));

    // Steps of 2 %, which take less room than all digits.
    private static int Stepped(double correction) => 2 * (int)Math.Clamp(Math.Round(50 * correction), -150, 150);

    // Groups whose rows are few give what is near more say.
    private static double Together(KernelOperator kind) => kind switch
    {
        KernelOperator.Product => 0.1,
        KernelOperator.Experts => 0.1,
        _ => 0.05,
    };

    private static KernelSet Thinned(KernelSet set)
    {
        int each = (set.Rows.Count + MostRows - 1) / MostRows;
        return set.With(set.Rows.Where((_, i) => i % each == 0));
    }

    // Shapes in turn to folds, in the order of a hash that is the same on every machine.
    private static int[] Assign(KernelSet set, bool byRow)
    {
        string[] keys = [.. set.Rows.Select((row, i) => byRow ? $"{i}" : row.Shape)];
        Dictionary<string, int> fold = keys.Distinct(StringComparer.Ordinal).OrderBy(Hash).Select((key, i) => (key, i % Folds))
            .ToDictionary(pair => pair.key, pair => pair.Item2, StringComparer.Ordinal);
        return [.. keys.Select(key => fold[key])];
    }

    private static uint Hash(string text)
    {
        uint hash = 2166136261;
        foreach (char c in text)
        {
            hash = unchecked((hash ^ c) * 16777619);
        }

        return hash;
    }
}
