using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using LlmMath.Engines;

namespace LlmMath.Calibration;

/// <summary>Writes the speed sections of catalog/trainers, and prints what rows left out show.</summary>
internal static partial class TrainingSpeedFile
{
    private const string Rows = "rows of catalog/evidence/training.csv";

    /// <summary>Fits all trainers together, and leaves a model on a GPU out at a time.</summary>
    public static void Fit(string root, TextWriter output)
    {
        IReadOnlyList<TrainingRow> rows = TrainingRow.Read(root);
        TrainingForm form = TrainingForm.Chosen;
        TrainingFit fit = TrainingFit.Of(rows, form);
        double[] dealt = TrainingRange.Dealt(rows, form), seen = [.. rows.Select(fit.LogError)];
        HeldOutRate[] rates = [.. HeldOutRate.Of(rows, LeftOutRows(rows, form), seen)];
        foreach (IGrouping<string, HeldOutRate> of in rates.GroupBy(rate => rate.Row.Trainer))
        {
            output.WriteLine($"{Summary(of.Key, of.Select(rate => rate.Unseen))}; "
                + $"as fitted {Summary(of.Key, of.Select(rate => rate.Seen))}");
            foreach (HeldOutRate rate in of)
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {rate.Row.Fold} {rate.Row.On.Placement} "
                    + $"{rate.Row.Run.Products} {rate.Row.Release}: {Math.Log(rate.Unseen):+0.00;-0.00}"));
            }

            string path = Path.Combine(root, $"catalog/trainers/{of.Key}.json");
            string text = SpeedSection().Replace(File.ReadAllText(path).TrimEnd(), "").TrimEnd();
            var ranges = (TrainingRange.Of(of.Key, false, rows, dealt), TrainingRange.Of(of.Key, true, rows, dealt));
            File.WriteAllText(path, text[..^1].TrimEnd() + ",\n"
                + Section([.. of.Select(rate => rate.Row)], fit, ranges) + "\n}\n");
        }

        File.WriteAllText(Path.Combine(root, HeldOutRateFile.Path), HeldOutRateFile.Text(rates));
    }

    // Each row with a fit, and a range, that have not seen its model on its GPU.
    private static (double Error, Spread Range)[] LeftOutRows(IReadOnlyList<TrainingRow> rows, TrainingForm form)
    {
        var left = new (double, Spread)[rows.Count];
        Parallel.ForEach(rows.Select(row => row.Fold).Distinct(), fold =>
        {
            TrainingRow[] kept = [.. rows.Where(row => row.Fold != fold)];
            TrainingFit fit = TrainingFit.Of(kept, form);
            double[] dealt = TrainingRange.Dealt(kept, form);
            for (int i = 0; i < left.Length; i++)
            {
                TrainingRow row = rows[i];
                left[i] = row.Fold != fold ? left[i]
                    : (fit.LogError(row), TrainingRange.Of(row.Trainer, row.IsMixture, kept, dealt));
            }
        });
        return left;
    }

    private static string Summary(string trainer, IEnumerable<double> rates)
    {
        double[] sizes = [.. rates.Select(rate => Math.Abs(rate - 1))];
        return string.Create(CultureInfo.InvariantCulture,
            $"{trainer}: {sizes.Length} rows, median {Quantile.Of(sizes, 0.5):0.0 %}, 90 % {Quantile.Of(sizes, 0.9):0.0 %}");
    }

    private static string Section(TrainingRow[] rows, TrainingFit fit, (Spread Dense, Spread Mixtures) ranges)
    {
        var text = new StringBuilder("  \"speed\": {\n    \"generations\": [\n");
        string[] generations = [.. rows.GroupBy(row => row.Generation).OrderByDescending(group => group.Count())
            .Select(group => group.Key)];
        for (int i = 0; i < generations.Length; i++)
        {
            string name = generations[i];
            string quantized = Quantized(rows.Count(row => row.Generation == name && row.Work.UnpackedBytes > 0));
            int count = rows.Count(row => row.Generation == name);
            double[] values = fit.Values(rows[0].Trainer, name);
            text.Append(CultureInfo.InvariantCulture, $$"""
                      {
                        "architecture": "{{name}}",
                        "rows": {{count}},{{quantized}}
                        "fitted_on": "{{count}} {{Rows}}",
                        "step": {{Of(ranges.Dense)}},
                        "mixture_step": {{Of(ranges.Mixtures)}},
                        "constants": { {{string.Join(", ", TrainingConstant.All.Select((constant, at) =>
                            string.Create(CultureInfo.InvariantCulture, $"\"{constant.Name}\": {Rounded(values[at])}")))}} }
                      }
                """).Append(i < generations.Length - 1 ? ",\n" : "\n");
        }

        return text.Append("    ]\n  }").ToString();
    }

    private static string Of(Spread range) => string.Create(CultureInfo.InvariantCulture,
        $"{{ \"low\": {range.Low:0.###}, \"high\": {range.High:0.###} }}");

    private static string Quantized(int rows) => rows == 0 ? ""
        : string.Create(CultureInfo.InvariantCulture, $"\n        \"quantized_rows\": {rows},");

    private static string Rounded(double value) => value.ToString("G3", CultureInfo.InvariantCulture).Contains('E',
        StringComparison.Ordinal) ? value.ToString("0", CultureInfo.InvariantCulture) : value.ToString("G3",
        CultureInfo.InvariantCulture);

    [GeneratedRegex(",\\s*\"speed\": \\{.*\\](\\s*)\\}", RegexOptions.Singleline)]
    private static partial Regex SpeedSection();
}
