using System.Globalization;
using System.Text;
using LlmMath.Engines;

namespace LlmMath.Calibration;

/// <summary>One engine: estimated over measured times, both axes the decades that were measured; what was estimated beyond them
/// stands at the edge.</summary>
internal static class PlotPanel
{
    /// <summary>Pixels of the square that holds the points.</summary>
    public const int Side = 196;

    /// <summary>Draws a panel.</summary>
    /// <param name="title">What stands above it.</param>
    /// <param name="series">Points and ranges, with the class that colors each.</param>
    public static string Of(string title, IReadOnlyList<PlotSeries> series)
    {
        var axis = LogAxis.Over([.. series.SelectMany(s => s.Rows).Select(p => p.Row.Seconds)], Side);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"f\" width=\"{Side}\" height=\"{Side}\"/>\n");
        for (int decade = 0; decade <= axis.Decades; decade++)
        {
            double at = Side * (double)decade / axis.Decades;
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"g\" d=\"M{at:0.#} 0V{Side}M0 {Side - at:0.#}H{Side}\"/>\n");
            svg.Append(CultureInfo.InvariantCulture,
                $"<text class=\"m\" text-anchor=\"middle\" x=\"{at:0.#}\" y=\"{Side + 14}\">{axis.Mark(decade)}</text>\n");
            if (decade > 0)
            {
                svg.Append(CultureInfo.InvariantCulture,
                    $"<text class=\"m\" text-anchor=\"end\" x=\"-4\" y=\"{Side - at + 4:0.#}\">{axis.Mark(decade)}</text>\n");
            }
        }

        foreach (PlotSeries one in series)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"{one.Class}b\" d=\"{Band(axis, one.Range)}\"/>\n");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<path class=\"i\" d=\"M0 {Side}L{Side} 0\"/>\n");
        foreach (PlotSeries one in series)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"{one.Class}\" d=\"{Points(axis, one)}\"/>\n");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<text class=\"t\" x=\"0\" y=\"-{(12 * series.Count) + 6}\">{title}</text>\n");
        for (int i = 0; i < series.Count; i++)
        {
            int up = 6 + (12 * (series.Count - 1 - i));
            svg.Append(CultureInfo.InvariantCulture,
                $"<text class=\"{series[i].Class}t\" x=\"0\" y=\"-{up}\">{series[i].Words}</text>\n");
        }

        return svg.ToString();
    }

    // A measurement lies between estimate × low and estimate × high: the estimate between measured ÷ high and measured ÷ low.
    private static string Band(LogAxis axis, Spread range)
    {
        double over = Side * -Math.Log10(range.Low) / axis.Decades, under = Side * Math.Log10(range.High) / axis.Decades;
        return string.Create(CultureInfo.InvariantCulture, $"M0 {Side}V{Side - over:0.#}L{Side - over:0.#} 0H{Side}"
            + $"V{under:0.#}L{under:0.#} {Side}Z");
    }

    // Points that fall on the same pixel are drawn once, each from the one before it: the picture comes with the package.
    private static string Points(LogAxis axis, PlotSeries series)
    {
        var path = new StringBuilder();
        (int X, int Y) at = default;
        foreach ((int x, int y) in series.Rows.Select(p => (X: Pixel(axis.At(p.Row.Seconds)), Y: Pixel(Side - axis.At(p.Unseen))))
            .Distinct().Order())
        {
            path.Append(CultureInfo.InvariantCulture, $"{(path.Length == 0 ? 'M' : 'm')}{x - at.X} {y - at.Y}h0");
            at = (x, y);
        }

        return path.ToString();
    }

    private static int Pixel(double pixels) => (int)Math.Round(pixels, MidpointRounding.AwayFromZero);
}

/// <summary>Points of one color.</summary>
/// <param name="Class">The letter of its color.</param>
/// <param name="Words">What they are, with their error.</param>
/// <param name="Rows">The points.</param>
/// <param name="Range">Measured ÷ estimated, 10th and 90th percentile, as estimates print it.</param>
internal sealed record PlotSeries(string Class, string Words, IReadOnlyList<FittedRow> Rows, Spread Range);
