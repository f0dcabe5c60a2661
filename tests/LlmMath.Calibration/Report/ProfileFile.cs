using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LlmMath.Calibration;

/// <summary>Writes an engine's profile: for each generation its constants, then those of each GPU where GPUs are told apart, with the rows
/// that they were fitted on.</summary>
internal static class ProfileFile
{
    public static string Json(EngineProfile form, Calibration calibration, Dictionary<string, double[]> fit, double[] unseen, bool tellsGpusApart,
        string source, string note)
    {
        using var stream = new MemoryStream();
        var options = new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var writer = new Utf8JsonWriter(stream, options))
        {
            writer.WriteStartObject();
            writer.WriteString("$schema", "../schema/engine.schema.json");
            writer.WriteString("name", form.DisplayName);
            writer.WriteBoolean("is_continuous", form.IsContinuous);
            writer.WriteBoolean("sums_in_half", form.SumsInHalf);
            writer.WriteNumber("pass_tokens", form.PassTokens!.Value);
            writer.WriteNumber("memory_share", form.MemoryShare);
            writer.WriteNumber("reserved_gib", form.ReservedGibibytes);
            writer.WriteStartArray("generations");
            List<(Observation Row, double Predicted)> rows =
                [.. calibration.Rows.Select((row, i) => (row, unseen[i])).Where(p => p.row.Engine == form.Name)];
            foreach (var generation in rows.GroupBy(p => p.Row.Generation).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal))
            {
                if (tellsGpusApart)
                {
                    foreach (var gpu in generation.GroupBy(p => p.Row.Gpu.Name).OrderBy(g => g.Key, StringComparer.Ordinal))
                    {
                        Write(writer, generation.Key, [.. gpu], rows, calibration.ConstantsOf(fit, form.Name, gpu.First().Row.Place));
                    }
                }

                Write(writer, generation.Key, tellsGpusApart ? [] : [.. generation], rows, calibration.ConstantsOf(fit, form.Name, generation.First().Row.Place with { Gpu = null }));
            }

            writer.WriteEndArray();
            writer.WriteStartArray("sources");
            writer.WriteStringValue(source);
            writer.WriteEndArray();
            writer.WriteString("note", note);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    // Ranges are those of all the engine's rows left out: a generation alone has too few groups to say how wide they are.
    private static void Write(Utf8JsonWriter writer, string generation, List<(Observation Row, double Predicted)> fitted,
        List<(Observation Row, double Predicted)> all, double[] constants)
    {
        writer.WriteStartObject();
        writer.WriteString("architecture", generation);
        writer.WriteString("vendor", all.First(p => p.Row.Generation == generation).Row.Gpu.Vendor);
        writer.WriteStartArray("gpus");
        foreach (string gpu in fitted.Select(p => p.Row.Gpu.Name).Distinct().Order(StringComparer.Ordinal))
        {
            writer.WriteStringValue(gpu);
        }

        writer.WriteEndArray();
        writer.WriteNumber("rows", fitted.Select(p => p.Row.Key).Distinct().Count());
        writer.WriteString("fitted_on", fitted.Count == 0 ? "what the generation's GPUs share" : string.Join(", ",
            fitted.Select(p => $"{p.Row.Model.Name} {p.Row.Weights}").Distinct().Order(StringComparer.Ordinal)));
        WriteSpread(writer, "first_token", SpreadOf(all, Metric.FirstToken, Metric.PrefillPass));
        WriteSpread(writer, "inter_token", SpreadOf(all, Metric.InterToken, Metric.InterToken));
        writer.WriteStartObject("constants");
        for (int i = 0; i < constants.Length; i++)
        {
            writer.WriteNumber(EngineConstant.All[i].Name, double.Parse(constants[i].ToString("G4", null), null));
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    public static Spread SpreadOf(IEnumerable<(Observation Row, double Predicted)> rows, Metric metric, Metric otherwise)
    {
        List<(double, double, int)> of = [.. rows.Where(p => p.Row.Metric == metric || p.Row.Metric == otherwise)
            .Select(p => (p.Predicted, p.Row.Seconds, p.Row.Rows))];
        var found = Statistics.Of(of);
        return new(Math.Min(1, Math.Round(found.Low, 3)), Math.Max(1, Math.Round(found.High, 3)));
    }

    private static void WriteSpread(Utf8JsonWriter writer, string name, Spread spread)
    {
        writer.WriteStartObject(name);
        writer.WriteNumber("low", spread.Low);
        writer.WriteNumber("high", spread.High);
        writer.WriteEndObject();
    }
}
