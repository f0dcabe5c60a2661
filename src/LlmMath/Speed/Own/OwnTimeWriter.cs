using System.Text.Json;
using LlmMath.Engines;
using LlmMath.Engines.Json;

namespace LlmMath.Speed.Own;

/// <summary>Writes an engine that was calibrated, as <see cref="OwnTimeJson"/> reads it.</summary>
internal static class OwnTimeWriter
{
    /// <summary>Writes a calibrated engine.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="engine">The engine, which the catalog has by its name.</param>
    /// <param name="release">Its release, where that is not the catalog's own.</param>
    public static void Write(Utf8JsonWriter writer, Engine engine, string? release)
    {
        writer.WriteStartObject();
        writer.WriteString("based_on", engine.Name);
        if (release is not null)
        {
            writer.WriteString("release", release);
        }

        writer.WriteString("fingerprint", engine.Speed!.Fingerprint);
        writer.WriteStartArray("measured");
        foreach (OwnTime row in engine.Speed.Own)
        {
            Write(writer, row);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, OwnTime row)
    {
        writer.WriteStartObject();
        writer.WriteString("row", row.Row);
        writer.WriteString("time", OwnTimeJson.WordOf(row.Time));
        writer.WriteString("gpu", row.Gpu);
        if (row.Host is not null)
        {
            writer.WriteString("host", row.Host);
        }

        if (row.Backend is not null)
        {
            writer.WriteString("backend", row.Backend);
        }

        writer.WriteString("model", row.Model);
        writer.WriteNumber("parameters", row.Place.Parameters);
        writer.WriteString("weights", row.Place.Weights);
        writer.WriteString("layout", row.Place.Layout);
        writer.WriteNumber("tokens", row.Place.Tokens);
        writer.WriteNumber("requests", row.Place.Requests);
        writer.WriteNumber("profile_ms", row.ProfileMilliseconds);
        writer.WriteNumber("measured_ms", row.MeasuredMilliseconds);
        writer.WriteEndObject();
    }
}
