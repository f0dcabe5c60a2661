using System.Globalization;

namespace LlmMath.Calibration;

/// <summary>docs/accuracy/training-held-out.csv: every row of training's speed with its estimate from a fit that has not seen its
/// model on its GPU, and that of the fit of all rows. Reports are made of it.</summary>
internal static class HeldOutRateFile
{
    /// <summary>Where it stands in the repository.</summary>
    public const string Path = "docs/accuracy/training-held-out.csv";

    private const string Head = "trainer,model,gpu,placement,sequence,products,release,tokens_per_second,held_out,all_rows";

    private const int Named = 8;

    /// <summary>The file of all trainers.</summary>
    public static string Text(IEnumerable<HeldOutRate> rates) =>
        "# Written by src/LlmMath.Calibration -- fit-training. Tokens a second on each GPU: measured, and estimated by a fit\n"
        + "# without the row's model on its GPU and by the fit of all rows.\n" + Head + "\n"
        + string.Concat(rates.Select(rate => string.Create(CultureInfo.InvariantCulture,
            $"{Identity(rate.Trainer, rate.Row)},{rate.Unseen * rate.Row.TokensPerSecond:G4},"
            + $"{rate.Seen * rate.Row.TokensPerSecond:G4}\n")));

    /// <summary>The rows beside their evidence.</summary>
    /// <exception cref="InvalidDataException">The file is of other evidence.</exception>
    public static IReadOnlyList<HeldOutRate> Read(string root)
    {
        CsvRow[] lines = [.. Csv.Read(System.IO.Path.Combine(root, Path))];
        var rates = new List<HeldOutRate>();
        foreach (IGrouping<string, (TrainingRow Row, string Trainer)> of in
            TrainingSpeedFile.WithTrainers(root).GroupBy(row => row.Trainer))
        {
            TrainingRow[] rows = [.. of.Select(row => row.Row)];
            CsvRow[] own = [.. lines.Where(line => line["trainer"] == of.Key)];
            IEnumerable<string> named = own.Select(line => string.Join(',', line.Cells[..Named]));
            if (!rows.Select(row => Identity(of.Key, row)).SequenceEqual(named))
            {
                throw new InvalidDataException($"{Path} is of other rows of {of.Key}: dotnet run --project "
                    + "src/LlmMath.Calibration -c Release -- fit-training");
            }

            double[] Errors(string column) => [.. own.Select((line, i) =>
                Math.Log(rows[i].TokensPerSecond / line.Real(column)))];
            rates.AddRange(HeldOutRate.Of(of.Key, rows, Errors("held_out"), Errors("all_rows")));
        }

        return rates;
    }

    private static string Identity(string trainer, TrainingRow row) => string.Create(CultureInfo.InvariantCulture,
        $"{trainer},{row.On.Model},{row.On.Gpu},{row.On.Placement},{row.Run.SequenceLength},{row.Run.Products},{row.Release},"
        + $"{row.TokensPerSecond:G5}").Replace(", ", " ", StringComparison.Ordinal);
}
