using System.Globalization;
using LlmMath.Engines.Json;
using LlmMath.Engines.Kernels;

namespace LlmMath.Calibration.Kernels;

/// <summary>Errors of kernels on timings that were held out.</summary>
internal static class KernelReport
{
    /// <summary>Where the table lies that docs/ACCURACY.md is written from.</summary>
    public const string Path = "docs/accuracy/kernels.csv";

    /// <summary>Prints a line for each set, and one for each operator and variant.</summary>
    public static void Print(List<FittedKernels> all, TextWriter output)
    {
        output.WriteLine("median / p90 %: operator variant gpu engine rows shapes | row | shape | GPU held out");
        foreach (FittedKernels of in all)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{Line(of)} {of.Set.Rows.Count} {of.Profile.Shapes} "
                + $"| {Text(of.Rows)} | {Text(of.Shapes)} | {Text(OtherGpu(of, all))}"));
        }

        foreach (IGrouping<(KernelOperator Operator, string Variant), FittedKernels> group in all.GroupBy(Kind))
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"ALL {KernelJson.Word(group.Key.Operator)} {group.Key.Variant} {group.Sum(of => of.Set.Rows.Count)} "
                + $"| {Text([.. group.SelectMany(of => of.Rows)])} | {Text([.. group.SelectMany(of => of.Shapes)])} "
                + $"| {Text([.. group.SelectMany(of => OtherGpu(of, all))])}"));
        }
    }

    /// <summary>The table, a line each operator and variant.</summary>
    /// <param name="all">What was fitted.</param>
    /// <param name="others">Lines of operators that were not.</param>
    public static string Csv(List<FittedKernels> all, IReadOnlyList<string> others)
    {
        var lines = new List<string>(others);
        foreach (IGrouping<(KernelOperator Operator, string Variant), FittedKernels> group in all.GroupBy(Kind))
        {
            double[] other = [.. group.SelectMany(of => OtherGpu(of, all))];
            lines.Add(string.Join(',',
                KernelJson.Word(group.Key.Operator), group.Key.Variant,
                string.Join(' ', group.Select(of => of.Set.Gpu).Distinct(StringComparer.Ordinal)),
                string.Join(' ', group.Select(of => of.Set.Engine).Distinct(StringComparer.Ordinal)),
                group.Sum(of => of.Set.Rows.Count).ToString(CultureInfo.InvariantCulture),
                Cells([.. group.SelectMany(of => of.Rows)]), Cells([.. group.SelectMany(of => of.Shapes)]), Cells(other)));
        }

        return "operator,variant,gpus,engines,rows,row_median,row_p90,shape_median,shape_p90,gpu_median,gpu_p90\n"
            + string.Concat(lines.Order(StringComparer.Ordinal).Select(line => line + "\n"));
    }

    /// <summary>Percent by which a share of the rows is off at most: <c>100 · (e^|off| − 1)</c> at the quantile.</summary>
    public static double Percent(double[] off, double quantile)
    {
        double[] sorted = [.. off.Where(o => !double.IsNaN(o)).Select(Math.Abs).Order()];
        if (sorted.Length == 0)
        {
            return 0;
        }

        return 100 * (Math.Exp(sorted[Math.Min(sorted.Length - 1, (int)(quantile * sorted.Length))]) - 1);
    }

    // A GPU held out whole: what the lookup would borrow, from the timed GPU nearest in generation.
    private static double[] OtherGpu(FittedKernels of, List<FittedKernels> all)
    {
        FittedKernels? other = all
            .Where(o => o.Set.Operator == of.Set.Operator && o.Set.Variant == of.Set.Variant && o.Set.Gpu != of.Set.Gpu)
            .OrderBy(o => KernelFiles.IsLike(o.Set.Gpu, of.Set.Gpu) ? 0 : 1)
            .ThenBy(o => o.Set.Engine == of.Set.Engine ? 0 : 1)
            .ThenBy(o => KernelCatalog.Distance(GpuCatalog.Find(of.Set.Gpu), o.Set.Gpu))
            .FirstOrDefault();
        return other is null ? [] : KernelFit.Borrowed(of.Set, other.Profile);
    }

    private static (KernelOperator Operator, string Variant) Kind(FittedKernels of) => (of.Set.Operator, of.Set.Variant);

    private static string Line(FittedKernels of) =>
        $"{KernelJson.Word(of.Set.Operator)} {of.Set.Variant} {of.Set.Gpu} {of.Set.Engine}";

    private static string Text(double[] off) => string.Create(CultureInfo.InvariantCulture,
        $"{Percent(off, 0.5):0.0} / {Percent(off, 0.9):0.0}");

    private static string Cells(double[] off) => off.Length == 0 ? "," : string.Create(CultureInfo.InvariantCulture,
        $"{Percent(off, 0.5):0.0},{Percent(off, 0.9):0.0}");
}
