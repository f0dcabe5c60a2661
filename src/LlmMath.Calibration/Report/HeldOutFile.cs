using System.Globalization;

namespace LlmMath.Calibration;

/// <summary>docs/accuracy/held-out.csv: every row of speed's evidence with its estimate from a fit that has not seen its model on
/// its GPU, and that of the fit of all rows. Reports are made of it, without fitting again.</summary>
internal static class HeldOutFile
{
    /// <summary>Where it stands in the repository.</summary>
    public const string Path = "docs/accuracy/held-out.csv";

    private const string Head = "engine,metric,model,gpu,weights,release,rows,measured_s,held_out_s,all_rows_s,"
        + "without_model_s,without_gpu_s,without_source_s";

    /// <summary>The file of all pools.</summary>
    public static string Text(IEnumerable<FittedRow> rows) =>
        "# Written by src/LlmMath.Calibration: held_out_s comes from a fit without the row's model on its GPU; the last\n"
        + "# three, which -- ranges writes, from fits without the model on any GPU, without the GPU, without the source.\n"
        + Head + "\n"
        + string.Concat(rows.Select(p => string.Create(CultureInfo.InvariantCulture,
            $"{Identity(p.Row)},{p.Unseen:G4},{p.Seen:G4},{p.WithoutModel:G4},{p.WithoutGpu:G4},{p.WithoutSource:G4}\n")));

    /// <summary>The rows of a pool beside their evidence.</summary>
    /// <exception cref="InvalidDataException">The file is of other evidence.</exception>
    public static List<FittedRow> Read(string root, Pool pool)
    {
        List<CsvRow> lines = [.. Csv.Read(System.IO.Path.Combine(root, Path))
            .Where(line => pool.Engines.Contains(line["engine"]))];
        IReadOnlyList<Observation> rows = pool.Rows(root);
        if (lines.Count != rows.Count)
        {
            throw Stale($"{lines.Count} rows, the evidence has {rows.Count}");
        }

        return [.. rows.Select((row, i) => Identity(row) == string.Join(',', lines[i].Cells[..8])
            ? new FittedRow(row, lines[i].Real("held_out_s"), lines[i].Real("all_rows_s"))
            {
                WithoutModel = lines[i].OptionalReal("without_model_s"),
                WithoutGpu = lines[i].OptionalReal("without_gpu_s"),
                WithoutSource = lines[i].OptionalReal("without_source_s"),
            }
            : throw Stale($"\"{string.Join(',', lines[i].Cells[..8])}\" instead of \"{Identity(row)}\""))];
    }

    private static InvalidDataException Stale(string what) =>
        new($"{Path}: {what}. It is not of this evidence: dotnet run --project src/LlmMath.Calibration -c Release -- fit");

    private static string Identity(Observation row) => string.Create(CultureInfo.InvariantCulture,
        $"{row.Engine.Name},{row.Metric},{row.Model.Name},{row.Gpu.Name},{row.Weights.Name},"
        + $"{row.Release},{row.Rows},{row.Seconds:G5}");
}
