using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using LlmMath.Engines;

namespace LlmMath.Calibration;

/// <summary>Writes the speed sections of catalog/trainers, and prints what rows left out show.</summary>
internal static partial class TrainingSpeedFile
{
    private const string Rows = "rows of catalog/evidence/training.csv";

    /// <summary>Fits each trainer, the runs of each apart.</summary>
    public static void Fit(string root, TextWriter output)
    {
        var rates = new List<HeldOutRate>();
        foreach (IGrouping<string, (TrainingRow Row, string Trainer)> trainer in
            WithTrainers(root).GroupBy(row => row.Trainer))
        {
            TrainingRow[] rows = [.. trainer.Select(row => row.Row)];
            Dictionary<string, double[]> fit = TrainingFit.Of(rows);
            double[] unseen = TrainingFit.LeftOut(rows);
            double[] seen = [.. rows.Select(row => row.LogError(TrainingFit.Values(fit, row.Generation)))];
            rates.AddRange(HeldOutRate.Of(trainer.Key, rows, unseen, seen));
            output.WriteLine($"{Summary(trainer.Key, unseen)}; as fitted {Summary(trainer.Key, seen)}");
            for (int i = 0; i < rows.Length; i++)
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"  {rows[i].Fold} {rows[i].On.Placement} {rows[i].Run.Products} {rows[i].Release}: ")
                    + string.Create(CultureInfo.InvariantCulture, $"{-unseen[i]:+0.00;-0.00}"));
            }

            string path = Path.Combine(root, $"catalog/trainers/{trainer.Key}.json");
            string text = SpeedSection().Replace(File.ReadAllText(path).TrimEnd(), "").TrimEnd();
            File.WriteAllText(path, text[..^1].TrimEnd() + ",\n" + Section(rows, fit, unseen) + "\n}\n");
        }

        File.WriteAllText(Path.Combine(root, HeldOutRateFile.Path), HeldOutRateFile.Text(rates));
    }

    /// <summary>Rows with the trainer that ran them.</summary>
    public static IEnumerable<(TrainingRow Row, string Trainer)> WithTrainers(string root) =>
        TrainingRow.Read(root).Zip(Csv.Read(Path.Combine(root, "catalog/evidence/training.csv"))
            .Where(row => row["set"] == "fit").Select(row => row["trainer"]));

    private static string Summary(string trainer, double[] errors)
    {
        double[] sizes = [.. errors.Select(error => Math.Abs(Math.Exp(-error) - 1))];
        return string.Create(CultureInfo.InvariantCulture,
            $"{trainer}: {sizes.Length} rows, median {Quantile.Of(sizes, 0.5):0.0 %}, 90 % {Quantile.Of(sizes, 0.9):0.0 %}");
    }

    private static string Section(TrainingRow[] rows, Dictionary<string, double[]> fit, double[] unseen)
    {
        var text = new StringBuilder("  \"speed\": {\n    \"generations\": [\n");
        string[] generations = [.. rows.GroupBy(row => row.Generation).OrderByDescending(group => group.Count())
            .Select(group => group.Key)];
        for (int i = 0; i < generations.Length; i++)
        {
            string name = generations[i];
            string quantized = Quantized(rows.Count(row => row.Generation == name && row.Work.UnpackedBytes > 0));
            double[] errors = [.. unseen.Where((_, at) => rows[at].Generation == name)], values = fit[name];
            // Measured ÷ estimated time; with few rows, of all generations.
            double[] spread = errors.Length >= 10 ? errors : unseen;
            double low = Math.Min(1, Math.Exp(-Quantile.Of(spread, 0.9)));
            double high = Math.Max(1, Math.Exp(-Quantile.Of(spread, 0.1)));
            text.Append(CultureInfo.InvariantCulture, $$"""
                      {
                        "architecture": "{{name}}",
                        "rows": {{errors.Length}},{{quantized}}
                        "fitted_on": "{{errors.Length}} {{Rows}}",
                        "step": { "low": {{low:0.###}}, "high": {{high:0.###}} },
                        "constants": { {{string.Join(", ", TrainingConstant.All.Select((constant, at) =>
                            string.Create(CultureInfo.InvariantCulture, $"\"{constant.Name}\": {Rounded(values[at])}")))}} }
                      }
                """).Append(i < generations.Length - 1 ? ",\n" : "\n");
        }

        return text.Append("    ]\n  }").ToString();
    }

    private static string Quantized(int rows) => rows == 0 ? ""
        : string.Create(CultureInfo.InvariantCulture, $"\n        \"quantized_rows\": {rows},");

    private static string Rounded(double value) => value.ToString("G3", CultureInfo.InvariantCulture).Contains('E',
        StringComparison.Ordinal) ? value.ToString("0", CultureInfo.InvariantCulture) : value.ToString("G3",
        CultureInfo.InvariantCulture);

    [GeneratedRegex(",\\s*\"speed\": \\{.*\\](\\s*)\\}", RegexOptions.Singleline)]
    private static partial Regex SpeedSection();
}
