using System.Globalization;
using System.Text;
using LlmMath.Engines;

namespace LlmMath.Calibration;

/// <summary>Draws estimated over measured times of every engine, all of rows that the fit had not seen. The picture brings its
/// own ground, so that it is read on light and on dark pages.</summary>
internal static class AccuracyPlot
{
    /// <summary>Where it stands in the repository.</summary>
    public const string Path = "docs/accuracy/estimate-against-measured.svg";

    private const int Columns = 4, Width = 264, Height = 300, Left = 52, Top = 96;

    private const string Title = "Estimated over measured time, of models that the fit had not seen on that GPU";

    private const string Style = """
        <style>
        text{font:11px system-ui,sans-serif;fill:#59636e}.t{font-weight:600;font-size:13px;fill:#1f2328}
        .m{font-size:9px}.h{font-size:15px;font-weight:600;fill:#1f2328}.s{fill:#fff}.f{fill:none;stroke:#8c959f}
        .g{fill:none;stroke:#8c959f;stroke-opacity:.25}.i{fill:none;stroke:#1f2328;stroke-dasharray:4 3}
        .a,.b{fill:none;stroke-linecap:round;stroke-width:2.6;stroke-opacity:.55}
        .a{stroke:#0969da}.b{stroke:#bc4c00}.at{fill:#0969da}.bt{fill:#bc4c00}
        .ab{fill:#0969da;fill-opacity:.14}.bb{fill:#bc4c00;fill-opacity:.10}
        @media (prefers-color-scheme:dark){.s{fill:#0d1117}text{fill:#9198a1}.t,.h{fill:#f0f6fc}.i{stroke:#f0f6fc}
        .a{stroke:#58a6ff}.b{stroke:#f0883e}.at{fill:#58a6ff}.bt{fill:#f0883e}
        .ab{fill:#58a6ff}.bb{fill:#f0883e}}
        </style>

        """;

    /// <summary>The picture.</summary>
    public static string Of(IReadOnlyList<FittedRow> all)
    {
        IGrouping<string, FittedRow>[] engines = [.. all.GroupBy(p => p.Row.Engine.Name).OrderByDescending(g => g.Count())
            .ThenBy(g => g.Key, StringComparer.Ordinal)];
        int rows = (engines.Length + Columns - 1) / Columns, width = Columns * Width, height = Top + (rows * Height) - 36;
        var svg = new StringBuilder();
        svg.Append("<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" ")
            .Append(CultureInfo.InvariantCulture, $"width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">\n")
            .Append(CultureInfo.InvariantCulture, $"<title>{Title}</title>\n{Style}")
            .Append(CultureInfo.InvariantCulture, $"<rect class=\"s\" width=\"{width}\" height=\"{height}\"/>\n")
            .Append(CultureInfo.InvariantCulture, $"<text class=\"h\" x=\"16\" y=\"26\">{Title}</text>\n")
            .Append("<text x=\"16\" y=\"44\">Across: measured. Up: estimated. Bands: the range that an estimate prints, ")
            .Append("for 8 of 10. Percentages: median error. Saturated throughput is left out.</text>\n");
        for (int i = 0; i < engines.Length; i++)
        {
            svg.Append(CultureInfo.InvariantCulture,
                $"<g transform=\"translate({Left + (i % Columns * Width)} {Top + 14 + (i / Columns * Height)})\">\n");
            svg.Append(PlotPanel.Of(engines[i].First().Row.Engine.DisplayName, [.. Series([.. engines[i]])])).Append("</g>\n");
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static IEnumerable<PlotSeries> Series(FittedRow[] rows)
    {
        ValueList<EngineGeneration> generations = rows[0].Row.Engine.Speed!.Generations;
        EngineGeneration shared = generations[generations.Count - 1];
        foreach (var of in rows.Where(p => p.Row.Metric != Metric.Saturated).GroupBy(p => p.Row.Metric)
            .OrderByDescending(g => g.Key == Metric.InterToken).ThenBy(g => g.Key))
        {
            (string color, Spread range) = of.Key switch
            {
                Metric.InterToken => ("a", shared.InterToken),
                _ => ("b", shared.FirstToken),
            };
            string error = Statistics.Unseen(of).Median.ToString("P0", CultureInfo.InvariantCulture);
            yield return new(color, $"{MetricWords.Of(of.Key)}: {error}", [.. of], range);
        }
    }
}
