using System.Globalization;
using LlmMath.Engines;

namespace LlmMath.Calibration;

/// <summary>docs/accuracy/training-held-out.csv: every row of training's speed with its estimate from a fit that has not seen its
/// model on its GPU, and that of the fit of all rows. Reports are made of it.</summary>
internal static class HeldOutRateFile
{
    /// <summary>Where it stands in the repository.</summary>
    public const string Path = "docs/accuracy/training-held-out.csv";

    private const string Head =
        "trainer,model,gpu,placement,sequence,products,release,tokens_per_second,held_out,all_rows,low,high";

    private const int Named = 8;

    /// <summary>The file of all trainers.</summary>
    public static string Text(IEnumerable<HeldOutRate> rates) =>
        "# Written by src/LlmMath.Calibration -- fit-training. Tokens a second on each GPU: measured, and estimated by a fit\n"
        + "# without the row's model on its GPU and by the fit of all rows; and\n"
        + "# the range of measured ÷ estimated time that the rows of other models and GPUs give.\n" + Head + "\n"
        + string.Concat(rates.Select(rate => string.Create(CultureInfo.InvariantCulture,
            $"{Identity(rate.Row)},{rate.Unseen * rate.Row.TokensPerSecond:G4},{rate.Seen * rate.Row.TokensPerSecond:G4},"
            + $"{rate.Range.Low:G4},{rate.Range.High:G4}\n")));

    /// <summary>The rows beside their evidence.</summary>
    /// <exception cref="InvalidDataException">The file is of other evidence.</exception>
    public static IReadOnlyList<HeldOutRate> Read(string root)
    {
        CsvRow[] lines = [.. Csv.Read(System.IO.Path.Combine(root, Path))];
        IReadOnlyList<TrainingRow> rows = TrainingRow.Read(root);
        if (!rows.Select(Identity).SequenceEqual(lines.Select(line => string.Join(',', line.Cells[..Named]))))
        {
            throw new InvalidDataException($"{Path} is of other rows: dotnet run --project src/LlmMath.Calibration -c Release "
                + "-- fit-training");
        }

        double Error(int row, string column) => Math.Log(rows[row].TokensPerSecond / lines[row].Real(column));
        return [.. HeldOutRate.Of(rows,
            [.. lines.Select((line, i) => (Error(i, "held_out"), new Spread(line.Real("low"), line.Real("high"))))],
            [.. lines.Select((_, i) => Error(i, "all_rows"))])];
    }

    private static string Identity(TrainingRow row) => string.Create(CultureInfo.InvariantCulture,
        $"{row.Trainer},{row.On.Model},{row.On.Gpu},{row.On.Placement},{row.Run.SequenceLength},{row.Run.Products},{row.Release},"
        + $"{row.TokensPerSecond:G5}").Replace(", ", " ", StringComparison.Ordinal);
}
