using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using LlmMath.Engines;
using LlmMath.Speed;

namespace LlmMath.Calibration;

/// <summary>Writes what is fitted of an engine into its file: for each generation its constants, then those of each GPU where
/// GPUs are told apart, with the rows that they were fitted on. The fitted fields stand last in the file, at the end of its speed
/// section, before its sources; the rest is kept as it is.</summary>
internal static class ProfileFile
{
    private const int EnoughRows = 100;

    // Of an engine of few rows, and of one of none: how much wider the ranges of all rows are taken.
    private const double FewRowsWidth = 1.2, NoRowsWidth = 1.6;

    // The first of the fitted fields; engines without releases have no version.
    private static readonly string[] s_first = ["\n    \"version\": ", "\n    \"generations\": "];

    /// <summary>The file with new fitted fields; sources and note behind them stay as they are.</summary>
    /// <param name="file">The file as it stands.</param>
    /// <param name="engine">The engine's name.</param>
    /// <param name="fitted">The fitted fields, as a JSON object.</param>
    /// <exception cref="InvalidDataException">The file has none of the fitted fields where they are looked for, or no sources
    /// behind them.</exception>
    public static string With(string file, string engine, string fitted)
    {
        int at = s_first.Select(field => file.IndexOf(field, StringComparison.Ordinal)).Where(found => found >= 0)
            .DefaultIfEmpty(file.Length).Min();
        int end = file.IndexOf("\n    \"sources\": [", at, StringComparison.Ordinal);
        return end < 0
            ? throw new InvalidDataException(
                $"{engine}: its speed section has neither version nor generations before its sources.")
            : file[..at] + string.Concat(fitted.Split('\n')[1..^1].Select(line => "\n  " + line)) + "," + file[end..];
    }

    /// <summary>What is fitted of an engine, as a JSON object.</summary>
    public static string Fitted(string engine, Factors fit, IReadOnlyList<FittedRow> all, bool tellsGpusApart,
        string? reference = null)
    {
        using var stream = new MemoryStream();
        var options = new JsonWriterOptions
        {
            Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        using (var writer = new Utf8JsonWriter(stream, options))
        {
            writer.WriteStartObject();
            Observation[] evidence = [.. all.Select(p => p.Row)];
            ReleaseList releases = new(evidence, fit, engine, reference);
            releases.WriteVersion(writer);
            writer.WriteStartArray("generations");
            List<Observation> rows = [.. evidence.Where(row => row.Engine.Name == engine)];
            List<FittedRow> near = tellsGpusApart
                ? [.. all.Where(p => reference is not null || UnseenBasis.Of(p.Row, evidence) != Basis.Extrapolated)] : [.. all];
            Spread first = SpreadOf(engine, near, Metric.FirstToken, Metric.PrefillPass);
            Spread between = SpreadOf(engine, near, Metric.InterToken, Metric.InterToken);
            void Entry(string architecture, string vendor, List<Observation> fitted, Place place)
            {
                double[] constants = fit.ConstantsOf(engine, place);
                for (int i = 0; i < constants.Length && place.IsYoung && reference is null; i++)
                {
                    constants[i] *= EngineConstant.All[i].Name is "score_bytes" or "unpacked_share" ? 0 : 1;
                }

                (Spread prompts, Spread tokens) = reference is null ? (first, between)
                    : OfKind(place.HostGeneration is null ? vendor : TodayTable.Processor);
                Write(writer, architecture, vendor, fitted, prompts, tokens, constants);
            }

            // Of today's llama.cpp ranges are those of rows of one kind.
            (Spread Prompts, Spread Tokens) OfKind(string named)
            {
                List<FittedRow> kind = [.. all.Where(p => TodayTable.KindOf(p.Row) == named)];
                List<FittedRow> of = kind.Count >= EnoughRows ? kind : [.. all];
                return (RangeOf(of, Metric.PrefillPass), RangeOf(of, Metric.InterToken));
            }

            foreach (var generation in rows.GroupBy(row => row.Generation).OrderByDescending(g => g.Count())
                .ThenBy(g => g.Key, StringComparer.Ordinal))
            {
                string vendor = generation.First().Gpu.Vendor;
                Place place = generation.First().Place with { Gpu = null, Release = releases.Newest, Host = null };
                place = generation.First().Gpu.IsProcessor ? place : place with { HostGeneration = null };
                if (tellsGpusApart)
                {
                    foreach (var gpu in generation.GroupBy(row => row.Gpu.Name).OrderBy(g => g.Key, StringComparer.Ordinal))
                    {
                        Place of = Place.Of(gpu.First().Gpu, reference ?? gpu.First().Release);
                        Entry(generation.Key, vendor, [.. gpu], of);
                    }
                }

                Entry(generation.Key, vendor, tellsGpusApart ? [] : [.. generation], place);
            }

            foreach (Gpu host in rows.Select(row => row.Host).OfType<Gpu>()
                .Where(host => rows.All(row => row.Gpu.Name != host.Name))
                .DistinctBy(host => host.Name).OrderBy(host => host.Name, StringComparer.Ordinal))
            {
                (Spread Prompts, Spread Tokens) range = OfKind(TodayTable.Processor);
                Write(writer, Place.GenerationOf(host), host.Vendor, [.. rows.Where(row => row.Host?.Name == host.Name)],
                    range.Prompts, range.Tokens, fit.ConstantsOf(engine, Place.OfHost(host, releases.Newest)), [host.Name]);
            }

            if (reference is not null)
            {
                var place = new Place(Release: reference, HostGeneration: "");
                Entry(EngineBackend.Processors, EngineBackend.Processors, [], place);
                (Spread Prompts, Spread Tokens) range = OfKind(TodayTable.Both);
                Write(writer, EngineBackend.BesideGpu, EngineBackend.Processors, [], range.Prompts, range.Tokens,
                    fit.ConstantsOf(engine, place));
            }

            if (tellsGpusApart)
            {
                // What other hardware borrows: that of its vendor's, of all engines; else what everything shares.
                foreach (string maker in evidence.Select(row => row.Gpu.Vendor).Distinct().Order(StringComparer.Ordinal))
                {
                    Entry(maker, maker, [], new Place(maker, Release: reference));
                }

                Entry("other", "other", [], new Place(Release: reference));
            }

            writer.WriteEndArray();
            releases.WriteList(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, string architecture, string vendor,
        List<Observation> fitted, Spread first, Spread between, double[] constants, string[]? gpus = null)
    {
        writer.WriteStartObject();
        writer.WriteString("architecture", architecture);
        writer.WriteString("vendor", vendor);
        writer.WriteStartArray("gpus");
        foreach (string gpu in gpus ?? [.. fitted.Select(row => row.Gpu.Name).Distinct().Order(StringComparer.Ordinal)])
        {
            writer.WriteStringValue(gpu);
        }

        writer.WriteEndArray();
        writer.WriteNumber("rows", fitted.Select(row => row.Key).Distinct().Count());
        writer.WriteString("fitted_on", fitted.Count == 0 ? "what rows on such hardware share" : string.Join(", ",
            fitted.Select(row => $"{row.Model.Name} {row.Weights.Name}").Distinct().Order(StringComparer.Ordinal)));
        WriteSpread(writer, "first_token", first);
        WriteSpread(writer, "inter_token", between);
        writer.WriteStartObject("constants");
        for (int i = 0; i < constants.Length; i++)
        {
            writer.WriteNumber(EngineConstant.All[i].Name, double.Parse(constants[i].ToString("G4", null), null));
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    // Ranges are those of all the engine's rows left out: a generation alone has too few groups to say how wide they are. Rows of
    // engines of one machine whose generation has no other group tell how far borrowing reaches, not how wide a range is. An
    // engine of few rows takes those of all engines that are fitted with it, wider by the exponents that an estimate's basis
    // widens them by.
    private static Spread SpreadOf(string engine, List<FittedRow> all, Metric metric, Metric otherwise)
    {
        List<(double, double, int)> of = Of(all.Where(p => p.Row.Engine.Name == engine));
        double wider = of.Count >= EnoughRows ? 1
            : of.Count > 0 ? FewRowsWidth : NoRowsWidth;
        var found = Statistics.Of(wider == 1 ? of : Of(all));
        return new(Math.Min(1, Math.Round(Math.Pow(found.Low, wider), 3)),
            Math.Max(1, Math.Round(Math.Pow(found.High, wider), 3)));

        List<(double, double, int)> Of(IEnumerable<FittedRow> rows) =>
            [.. rows.Where(p => p.Row.Metric == metric || p.Row.Metric == otherwise)
                .Select(p => (p.Unseen, p.Row.Seconds, p.Row.Rows))];
    }

    private static Spread RangeOf(IEnumerable<FittedRow> rows, Metric metric)
    {
        Spread found = HeldRange.Of([.. rows.Where(p => p.Row.Metric == metric)]);
        return new(Math.Round(found.Low, 3), Math.Round(found.High, 3));
    }

    private static void WriteSpread(Utf8JsonWriter writer, string name, Spread spread)
    {
        writer.WriteStartObject(name);
        writer.WriteNumber("low", spread.Low);
        writer.WriteNumber("high", spread.High);
        writer.WriteEndObject();
    }
}
