using System.Globalization;
using System.Text.Json;
using LlmMath.Cli.Output;
using LlmMath.Planning;

namespace LlmMath.Cli.Commands;

/// <summary>An answer of <c>llmmath quality</c> in words and in JSON.</summary>
internal static class QualityReport
{
    public static void Json(Utf8JsonWriter writer, string model, QualityAnswer answer)
    {
        writer.WriteStartObject();
        writer.WriteString("model", model);
        writer.Objects("scores", answer.Scores, score => Score(writer, score));
        writer.Objects("losses", answer.Losses, loss => Loss(writer, loss));
        writer.WriteEndObject();
    }

    /// <summary>A score's fields.</summary>
    public static void Score(Utf8JsonWriter writer, BenchmarkScore score)
    {
        writer.WriteString("benchmark", score.Benchmark);
        writer.WriteNumber("value", score.Value);
        writer.WriteString("by", score.ReportedBy);
        writer.WriteString("setting", score.Setting);
        writer.WriteString("note", score.Note);
        writer.WriteString("source", score.Source.Where);
        writer.WriteString("licence", score.Source.Licence);
    }

    /// <summary>A loss's fields.</summary>
    public static void Loss(Utf8JsonWriter writer, FormatLoss loss)
    {
        writer.WriteString("format", loss.Format.Name);
        writer.WriteString("kind", Words(loss.Kind));
        writer.WriteNumber("low", loss.Low);
        writer.WriteNumber("median", loss.Median);
        writer.WriteNumber("high", loss.High);
        writer.WriteNumber("rows", loss.Rows);
        writer.WriteBoolean("ofThisModel", loss.IsOfModel);
    }

    public static void Text(string model, QualityAnswer answer, bool sources, TextWriter output)
    {
        output.WriteLine(answer.Scores.Count == 0 ? $"{model}: no score of it is known."
            : $"{model}: {Tables.Counted(answer.Scores.Count, "score")}. Settings differ between reporters: compare within one.");
        if (answer.Scores.Count > 0)
        {
            Table table = Tables.Of(["by", "benchmark", "setting", .. sources ? ["source"] : Array.Empty<string>()], ["score"]);
            foreach (BenchmarkScore score in answer.Scores)
            {
                table.Row([score.ReportedBy, score.Benchmark,
                    string.Join("; ", new[] { score.Setting, score.Note }.OfType<string>()),
                    .. sources ? [score.Source.Where] : Array.Empty<string>(),
                    score.Value.ToString("#,0.##", CultureInfo.InvariantCulture)]);
            }

            output.WriteTable(table);
        }

        Table losses = Tables.Of(["format", "of", "measured on"], ["least", "middle", "most", "rows"]);
        foreach (FormatLoss loss in answer.Losses)
        {
            losses.Row(loss.Format.Name, Words(loss.Kind), loss.IsOfModel ? "this model" : "others: this one's is not known",
                Share(loss, loss.Low), Share(loss, loss.Median), Share(loss, loss.High), Tables.N(loss.Rows));
        }

        output.WriteLine("What formats cost: perplexity more, accuracy less, in percent; the divergence from the model before.");
        output.WriteTable(losses);
    }

    private static string Words(LossKind kind) => kind.ToString().ToLowerInvariant();

    private static string Share(FormatLoss loss, double value) => loss.Kind == LossKind.Divergence
        ? value.ToString("0.####", CultureInfo.InvariantCulture)
        : (100 * value).ToString("0.##", CultureInfo.InvariantCulture) + " %";
}
