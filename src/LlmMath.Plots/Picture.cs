using System.Globalization;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace LlmMath.Plots;

/// <summary>A plot and its SVG. Text is measured by the metrics that OxyPlot brings along, so that the bytes are the same with or
/// without fonts.</summary>
internal static class Picture
{
    private const double Width = 720, Height = 440;

    // OxyPlot measures a line of 12 points at 10: what lines need more, so that they do not touch.
    private const double LineSpacing = 5;

    /// <summary>Colors that people with any sight tell apart, and gray. Source: Okabe and Ito, Color Universal Design,
    /// 2008.</summary>
    public static readonly OxyColor[] Colors =
    [
        OxyColor.FromRgb(0, 114, 178), OxyColor.FromRgb(213, 94, 0), OxyColor.FromRgb(0, 158, 115),
        OxyColor.FromRgb(204, 121, 167), OxyColor.FromRgb(230, 159, 0), OxyColor.FromRgb(86, 180, 233),
        OxyColor.FromRgb(240, 228, 66), OxyColor.FromRgb(128, 128, 128),
    ];

    /// <summary>An empty plot on white.</summary>
    public static PlotModel Of(string title)
    {
        var plot = new PlotModel
        {
            Title = title, TitleFontSize = 14, TitleFontWeight = 400, Background = OxyColors.White, DefaultFont = "sans-serif",
            Culture = CultureInfo.InvariantCulture,
        };
        plot.Legends.Add(new Legend
        {
            LegendPosition = LegendPosition.TopRight, LegendBackground = OxyColors.White, LegendLineSpacing = LineSpacing,
        });
        return plot;
    }

    /// <summary>The same with its legend below, a line each: for names too long to stand beside lines.</summary>
    public static PlotModel WithLegendBelow(this PlotModel plot)
    {
        plot.Legends.Clear();
        plot.Legends.Add(new Legend
        {
            LegendPlacement = LegendPlacement.Outside, LegendPosition = LegendPosition.BottomLeft,
            LegendOrientation = LegendOrientation.Vertical, LegendLineSpacing = LineSpacing,
        });
        return plot;
    }

    /// <summary>Room to the left for names, which fonts of other machines draw wider than OxyPlot measures them: a sign is up to
    /// 7 points wide, and measured at 4.5.</summary>
    public static void MakeRoomFor(this PlotModel plot, IEnumerable<string> names) =>
        plot.Padding = new(8 + (2.5 * names.Select(name => name.Length).DefaultIfEmpty(0).Max()), 8, 16, 8);

    /// <summary>A linear axis.</summary>
    public static LinearAxis Linear(AxisPosition at, string title) => new()
    {
        Position = at, Title = title, Minimum = 0, MajorGridlineStyle = LineStyle.Solid, MajorGridlineColor = OxyColors.LightGray,
    };

    /// <summary>A logarithmic axis.</summary>
    public static LogarithmicAxis Log(AxisPosition at, string title) => new()
    {
        Position = at, Title = title, MajorGridlineStyle = LineStyle.Solid, MajorGridlineColor = OxyColors.LightGray,
    };

    /// <summary>A line through points.</summary>
    public static LineSeries Line(string? title, OxyColor color, IEnumerable<(double X, double Y)> points, bool isMarked = false)
    {
        var line = new LineSeries
        {
            Title = title, Color = color, StrokeThickness = 2, MarkerType = isMarked ? MarkerType.Circle : MarkerType.None,
            MarkerSize = 3, MarkerFill = color,
        };
        line.Points.AddRange(points.Where(point => double.IsFinite(point.X) && double.IsFinite(point.Y))
            .Select(point => new DataPoint(point.X, point.Y)));
        return line;
    }

    /// <summary>A single point.</summary>
    public static LineSeries Point(string title, OxyColor color, (double X, double Y) at)
    {
        LineSeries point = Line(title, color, [at], isMarked: true);
        (point.MarkerType, point.MarkerSize, point.LineStyle) = (MarkerType.Diamond, 7, LineStyle.None);
        return point;
    }

    /// <summary>The plot as a document.</summary>
    public static string Svg(this PlotModel plot)
    {
        string svg = SvgExporter.ExportToString(plot, Width, Height, isDocument: true);
        // OxyPlot draws its errors instead of throwing them.
        return plot.GetLastPlotException() is { } problem
            ? throw new InvalidOperationException("The plot cannot be drawn: " + problem.Message, problem) : svg;
    }
}
