using System.Text.Json;
using LlmMath.Cli.Output;
using LlmMath.Engines;
using static LlmMath.Cli.Output.Tables;

namespace LlmMath.Cli.Commands;

/// <summary>What <c>llmmath calibrate</c> learned, in words and in JSON.</summary>
/// <param name="Engine">The engine with the rows.</param>
/// <param name="Learned">What each row taught.</param>
/// <param name="LeftOut">Rows that say nothing, with the reason.</param>
internal sealed record CalibrateAnswer(Engine Engine, ValueList<LearnedTime> Learned, IReadOnlyList<string> LeftOut)
{
    /// <summary>The file that it was written to.</summary>
    public string? Out { get; init; }

    // Of each row the others alone, so that no row praises itself; with one row there are no others.
    private double? ErrorAfter => Learned.Count == 1 ? null : Median(Learned.Select(row => Error(row.Unseen, row)));

    private double ErrorBefore => Median(Learned.Select(row => Error(row.Assumed.Expected, row)));

    /// <summary>What the rows of one time of one model in one format come to.</summary>
    private IEnumerable<(string Name, double Factor)> Factors => Learned
        .GroupBy(row => $"{Words(row.Measurement.Time)}, {row.Measurement.Deployment.Model.Name} "
            + $"{row.Measurement.Deployment.Weights.Name} on {row.Measurement.Deployment.Gpu!.Name}")
        .Select(rows => (rows.Key, Median(rows.Select(row => row.Factor))));

    public void Text(TextWriter output)
    {
        output.WriteLine($"{Counted(Learned.Count, "row")} of {Engine}");
        Table table = Of(["row", "time", "model"], ["assumed, ms", "from", "to", "measured", "now", "from", "to"]);
        foreach (LearnedTime row in Learned)
        {
            OwnMeasurement of = row.Measurement;
            table.Row(of.Row, Words(of.Time), $"{of.Deployment.Model.Name} {of.Deployment.Weights.Name}",
                Ms(row.Assumed.Expected), Ms(row.Assumed.Low), Ms(row.Assumed.High), N(of.Seconds, 1e-3),
                Ms(row.Now.Expected), Ms(row.Now.Low), Ms(row.Now.High));
        }

        output.WriteTable(table);
        foreach ((string name, double factor) in Factors)
        {
            output.WriteLine($"{name}: × {N(factor, 1)}");
        }

        output.WriteLine($"median error of the profile: {N(100 * ErrorBefore, 1)} %"
            + (ErrorAfter is { } after ? $"; of each row by profile and the other rows: {N(100 * after, 1)} %" : ""));
        foreach (string warning in Warnings())
        {
            output.WriteLine("warning: " + warning);
        }

        output.WriteLine(Out is null ? "Nothing was written: give --out FILE to keep it."
            : $"Written to {Out}: give it as --engine.");
    }

    public void Json(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("engine", Engine.Name);
        writer.WriteString("out", Out);
        writer.WriteNumber("rows", Learned.Count);
        writer.WriteNumber("medianErrorBefore", ErrorBefore);
        writer.NumberOrNull("medianErrorAfter", ErrorAfter);
        writer.Objects("constants", Factors, factor =>
        {
            writer.WriteString("name", factor.Name);
            writer.WriteNumber("before", 1);
            writer.WriteNumber("after", factor.Factor);
        });
        writer.Objects("learned", Learned, row =>
        {
            OwnMeasurement of = row.Measurement;
            writer.WriteString("row", of.Row);
            writer.WriteString("time", Words(of.Time));
            writer.WriteString("model", of.Deployment.Model.Name);
            writer.WriteString("weights", of.Deployment.Weights.Name);
            writer.WriteString("gpu", of.Deployment.Gpu!.Name);
            Range(writer, "assumedMs", row.Assumed);
            writer.WriteNumber("measuredMs", 1e3 * of.Seconds);
            Range(writer, "nowMs", row.Now);
            writer.WriteNumber("factor", row.Factor);
            writer.WriteBoolean("isDoubted", row.IsDoubted);
        });
        writer.Array("leftOut", LeftOut, writer.WriteStringValue);
        writer.Array("warnings", Warnings(), writer.WriteStringValue);
        writer.Array("assumed", (string[])[], writer.WriteStringValue);
        writer.WriteEndObject();
    }

    private IEnumerable<string> Warnings() =>
        [
            .. LeftOut.Select(reason => reason + "; left out."),
            .. Learned.Where(row => row.IsDoubted).Select(row =>
                $"{row.Measurement.Row} contradicts the other rows, and hardly counts: {N(row.Measurement.Seconds, 1e-3)} ms "
                    + $"where they and the profile give {Ms(row.Unseen)} ms."),
        ];

    private static double Error(TimeSpan expected, LearnedTime row) =>
        Math.Abs((expected.TotalSeconds / row.Measurement.Seconds) - 1);

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static void Range(Utf8JsonWriter writer, string name, TimeRange range)
    {
        writer.WriteStartObject(name);
        writer.WriteNumber("low", range.Low.TotalMilliseconds);
        writer.WriteNumber("expected", range.Expected.TotalMilliseconds);
        writer.WriteNumber("high", range.High.TotalMilliseconds);
        writer.WriteEndObject();
    }

    private static string Ms(TimeSpan time) => N(time.TotalMilliseconds, 1);

    private static string Words(MeasuredTime time) => time switch
    {
        MeasuredTime.Prompt => "prompt",
        MeasuredTime.FirstToken => "first token",
        _ => "between tokens",
    };
}
