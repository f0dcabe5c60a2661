using System.Globalization;
using System.Text.Json;
using LlmMath.Engines;

namespace LlmMath.Calibration;

/// <summary>The releases of an engine in its profile: the newest is what the generations hold, the others are factors on
/// it.</summary>
internal sealed class ReleaseList(IReadOnlyList<Observation> evidence, Factors fit, string engine, string? reference = null)
{
    // A release of fewer rows is not what an engine is taken for when nobody says which.
    private const int EnoughRows = 20;

    private readonly (string Version, List<Observation> Rows)[] _releases =
    [
        .. evidence.Where(row => row.Engine.Name == engine && row.Release is not null).GroupBy(row => row.Release!)
            .Select(g => (Version: g.Key, Rows: g.ToList()))
            .OrderByDescending(r => Order(r.Version), StringComparer.Ordinal).ThenBy(r => r.Version, StringComparer.Ordinal),
    ];

    /// <summary>The one that is named as reference; else the newest that bears a number and has rows enough; null where
    /// releases are not told apart.</summary>
    public string? Newest => reference
        ?? _releases.FirstOrDefault(r => Order(r.Version).Length > 0 && Count(r.Rows) >= EnoughRows).Version;

    public void WriteVersion(Utf8JsonWriter writer)
    {
        if (Newest is { } newest)
        {
            writer.WriteString("version", newest);
        }
    }

    public void WriteList(Utf8JsonWriter writer)
    {
        if (Newest is not { } newest)
        {
            return;
        }

        double[] here = fit.ConstantsOf(engine, new Place(Release: newest));
        writer.WriteStartArray("releases");
        foreach ((string version, List<Observation> rows) in _releases)
        {
            writer.WriteStartObject();
            writer.WriteString("version", version);
            writer.WriteNumber("rows", Count(rows));
            writer.WriteString("fitted_on", string.Join(", ",
                rows.Select(row => $"{row.Model.Name} {row.Weights.Name} on {row.Gpu.Name}").Distinct()
                    .Order(StringComparer.Ordinal)));
            WriteFactors(writer, fit.ConstantsOf(engine, new Place(Release: version)), here);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteFactors(Utf8JsonWriter writer, double[] there, double[] here)
    {
        writer.WriteStartObject("factors");
        for (int i = 0; i < here.Length; i++)
        {
            if (here[i] > 0 && Math.Abs((there[i] / here[i]) - 1) > 5e-4)
            {
                writer.WriteNumber(EngineConstant.All[i].Name, double.Parse((there[i] / here[i]).ToString("G4", null), null));
            }
        }

        writer.WriteEndObject();
    }

    private static int Count(List<Observation> rows) => rows.Select(row => row.Key).Distinct().Count();

    // 0.5.10.post1 comes after 0.5.9; nightly builds and months have no place in that order.
    private static string Order(string version) => !char.IsAsciiDigit(version[0])
        || version.StartsWith("20", StringComparison.Ordinal) ? ""
        : string.Concat(version.Split(['.', 'r', 'c', 'p', 'o', 's', 't'], StringSplitOptions.RemoveEmptyEntries)
            .Select(part => int.Parse(part, CultureInfo.InvariantCulture).ToString("D6", CultureInfo.InvariantCulture)));
}
