using LlmMath.Planning;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace LlmMath.Plots;

/// <summary>Pictures as SVG: the same bytes wherever they are drawn.</summary>
public static class Plot
{
    private const int MostPlans = 6;

    private static readonly int[] s_requests = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

    /// <summary>Tokens a second of one GPU against those of one user, from 1 to 512 requests at once: each plan a line, and what
    /// no other beats thick.</summary>
    /// <param name="result">What a search found.</param>
    /// <param name="most">Plans that are drawn, 1 to 6.</param>
    public static string Frontier(PlanResult result, int most = 6)
    {
        ArgumentNullException.ThrowIfNull(result);
        PlotModel plot = Picture.Of("Throughput against speed, by requests at once").WithLegendBelow();
        plot.Axes.Add(Picture.Log(AxisPosition.Bottom, "tokens a second of a user"));
        plot.Axes.Add(Picture.Log(AxisPosition.Left, "tokens a second of a GPU"));
        var all = new List<(double X, double Y)>();
        int drawn = Math.Min(result.Plans.Count, Math.Clamp(most, 1, MostPlans));
        for (int at = 0; at < drawn; at++)
        {
            Plan plan = result.Plans[at];
            Deployment on = plan.Deployment;
            (double X, double Y)[] points = [.. Loads(on, plan.Estimate.Workload)
                .Select(e => (e.TokensPerSecondPerUser.Expected, e.TokensPerSecondPerGpu.Expected))];
            all.AddRange(points);
            plot.Series.Add(Picture.Line($"{on.Model} {on.Weights}, {on.Placement.Gpus} × {on.Gpu}, {on.Engine}",
                Picture.Colors[at], points, isMarked: true));
        }

        LineSeries best = Picture.Line("best of all", OxyColor.FromAColor(70, OxyColors.Black),
            all.Where(point => !all.Exists(other => Beats(other, point))).OrderBy(point => point.X));
        best.StrokeThickness = 7;
        plot.Series.Add(best);
        return plot.Svg();
    }

    private static bool Beats((double X, double Y) other, (double X, double Y) point) =>
        other.X >= point.X && other.Y >= point.Y && other != point;

    /// <summary>Times against requests at once, with limits where there are any, and the knee: where throughput over the time of
    /// an answer is largest. Source: Kleinrock, "Power and deterministic rules of thumb", ICC 1979.</summary>
    /// <param name="on">What serves.</param>
    /// <param name="workload">Prompts and answers; the requests are those of the picture.</param>
    /// <param name="timeToFirstToken">The limit of the time to the first token; null for none.</param>
    /// <param name="interTokenLatency">The limit of the time between tokens; null for none.</param>
    public static string Latency(Deployment on, Workload workload, LatencyLimit? timeToFirstToken = null,
        LatencyLimit? interTokenLatency = null)
    {
        ArgumentNullException.ThrowIfNull(on);
        PlotModel plot = Picture.Of($"{on.Model} on {on.Placement.Gpus} × {on.Gpu}: times by requests at once")
            .WithLegendBelow();
        plot.Axes.Add(Picture.Log(AxisPosition.Bottom, "requests at once"));
        plot.Axes.Add(Picture.Log(AxisPosition.Left, "milliseconds"));
        InferenceEstimate[] loads = [.. Loads(on, workload)];
        plot.Series.Add(Picture.Line("first token", Picture.Colors[0],
            loads.Select(e => ((double)e.Workload.Requests, e.TimeToFirstToken.Expected.TotalMilliseconds)), isMarked: true));
        plot.Series.Add(Picture.Line("between tokens", Picture.Colors[1],
            loads.Select(e => ((double)e.Workload.Requests, e.InterTokenLatency.Expected.TotalMilliseconds)), isMarked: true));
        Limit(plot, timeToFirstToken, "limit, first token", Picture.Colors[0]);
        Limit(plot, interTokenLatency, "limit, between tokens", Picture.Colors[1]);
        if (loads.Length > 0)
        {
            InferenceEstimate knee = loads.MaxBy(e => e.TokensPerSecond.Expected / e.TotalTime.Expected.TotalSeconds);
            plot.Annotations.Add(new LineAnnotation
            {
                Type = LineAnnotationType.Vertical, X = knee.Workload.Requests, Text = "knee", Color = OxyColors.Gray,
            });
        }

        return plot.Svg();
    }

    /// <summary>How far a GPU is used, against its roof: memory's rate to the left of 1, arithmetic's to the right. A point is a
    /// pass that writes with so many requests at once, or one that reads a prompt: to the right lies how much arithmetic a byte
    /// brings, of what keeps both busy alike; upwards how much of the peak of arithmetic is reached. Source: Williams, Waterman
    /// and Patterson, "Roofline", Communications of the ACM 52 (4), 2009.</summary>
    /// <param name="on">What serves, on a GPU; of two sides the one that writes.</param>
    /// <param name="workload">Prompts and answers; its requests at once are the operating point.</param>
    public static string Roofline(Deployment on, Workload workload)
    {
        ArgumentNullException.ThrowIfNull(on);
        on = on with { Prefill = null, Engine = on.EffectiveEngine };
        PlotModel plot = Picture.Of($"{on.Model} in {on.Weights} on {on.Placement.Gpus} × {on.Gpu}: how far it is used")
            .WithLegendBelow();
        plot.Axes.Add(Picture.Log(AxisPosition.Bottom, "arithmetic a byte, of what keeps memory and arithmetic busy alike"));
        plot.Axes.Add(Picture.Log(AxisPosition.Left, "share of the peak of arithmetic"));
        Workload together = workload with { Arrival = Arrival.Together };
        InferenceEstimate[] loads = [.. Loads(on, together)];
        (double X, double Y)[] written = [.. loads.Select(e => RooflinePoint.OfToken(on, e))];
        (double X, double Y) operating = RooflinePoint.OfToken(on, on.Speed(together)),
            read = RooflinePoint.OfPrompt(on, on.Speed(together with { Requests = 1 }));
        (double, double)[] all = [.. written, operating, read];
        double left = all.Min(point => point.Item1) / 2, right = Math.Max(2, all.Max(point => point.Item1) * 2);
        plot.Series.Add(Picture.Line("the roof: memory, then arithmetic", OxyColors.Black,
            [(left, left), (1, 1), (right, 1)]));
        plot.Series.Add(Picture.Line("writing, 1 to 512 requests at once as far as memory goes", Picture.Colors[0],
            written, isMarked: true));
        plot.Series.Add(Picture.Point($"the operating point: writing, {workload.Requests} at once", Picture.Colors[1],
            operating));
        plot.Series.Add(Picture.Point($"reading a prompt of {workload.PromptTokens} tokens", Picture.Colors[2], read));
        return plot.Svg();
    }

    /// <summary>US dollars a million tokens against the share of the time at work: rented, owned and by an API, with the share
    /// from which owning costs no more than renting.</summary>
    /// <param name="curve">The costs.</param>
    /// <param name="money">Rent, buy or API.</param>
    public static string Cost(CostCurve curve, RentOrBuy money)
    {
        ArgumentNullException.ThrowIfNull(curve);
        ArgumentNullException.ThrowIfNull(money);
        PlotModel plot = Picture.Of("A million tokens by how busy machines are");
        plot.Axes.Add(Picture.Log(AxisPosition.Bottom, "share of the time at work (1: always)"));
        plot.Axes.Add(Picture.Log(AxisPosition.Left, "US dollars a million tokens"));
        (string Name, Func<CostPoint, double?> Of)[] lines = [("rent", p => p.Rent), ("buy", p => p.Buy), ("API", p => p.Api)];
        for (int at = 0; at < lines.Length; at++)
        {
            (double, double)[] points = [.. curve.Points.Where(point => lines[at].Of(point) is > 0)
                .Select(point => (point.BusyShare, lines[at].Of(point)!.Value))];
            if (points.Length > 0)
            {
                plot.Series.Add(Picture.Line(lines[at].Name, Picture.Colors[at], points));
            }
        }

        if (money.ShareToBreakEven is { } share)
        {
            plot.Annotations.Add(new LineAnnotation
            {
                Type = LineAnnotationType.Vertical, X = share, Text = "rent = buy", Color = OxyColors.Gray,
            });
        }

        return plot.Svg();
    }

    /// <summary>How far each assumption alone moves a figure, the widest on top.</summary>
    /// <param name="swings">The assumptions.</param>
    /// <param name="figure">What the figure is, with its unit.</param>
    public static string Tornado(ValueList<Swing> swings, string figure)
    {
        ArgumentNullException.ThrowIfNull(swings);
        ArgumentNullException.ThrowIfNull(figure);
        PlotModel plot = Picture.Of("What moves it most");
        plot.Legends.Clear();
        var names = new CategoryAxis { Position = AxisPosition.Left, GapWidth = 0.4 };
        plot.Axes.Add(names);
        plot.Axes.Add(new LinearAxis { Position = AxisPosition.Bottom, Title = figure, MajorGridlineStyle = LineStyle.Solid,
            MajorGridlineColor = OxyColors.LightGray });
        var bars = new IntervalBarSeries { FillColor = Picture.Colors[0], StrokeThickness = 0, LabelFormatString = null };
        // The first category stands lowest.
        foreach (Swing swing in swings.Where(swing => swing.Width > 0).Reverse())
        {
            names.Labels.Add(swing.Name);
            bars.Items.Add(new IntervalBarItem(Math.Min(swing.AtLow, swing.AtHigh), Math.Max(swing.AtLow, swing.AtHigh)));
        }

        plot.MakeRoomFor(names.Labels);
        plot.Series.Add(bars);
        return plot.Svg();
    }

    /// <summary>Memory by part.</summary>
    /// <param name="title">Whose.</param>
    /// <param name="parts">The parts.</param>
    /// <param name="room">What there is, where that is known.</param>
    public static string Memory(string title, IReadOnlyList<(string Name, ByteSize Size)> parts, ByteSize? room = null)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(parts);
        PlotModel plot = Picture.Of(title).WithLegendBelow();
        plot.Axes.Add(new CategoryAxis { Position = AxisPosition.Left, Labels = { "" }, GapWidth = 1 });
        LinearAxis axis = Picture.Linear(AxisPosition.Bottom, "GiB");
        // A line of what there is belongs to the picture, however little of it is taken.
        axis.Maximum = Math.Max(1.05 * (room?.Bytes ?? 0), 1.02 * parts.Sum(part => (double)part.Size.Bytes)) / (1L << 30);
        plot.Axes.Add(axis);
        for (int at = 0; at < parts.Count; at++)
        {
            var bar = new BarSeries
            {
                Title = parts[at].Name, IsStacked = true, FillColor = Picture.Colors[at % Picture.Colors.Length],
            };
            bar.Items.Add(new BarItem(parts[at].Size.Bytes / (double)(1L << 30)));
            plot.Series.Add(bar);
        }

        if (room is { } there)
        {
            plot.Annotations.Add(new LineAnnotation
            {
                Type = LineAnnotationType.Vertical, X = there.Bytes / (double)(1L << 30), Text = "what there is",
                Color = OxyColors.Black,
            });
        }

        return plot.Svg();
    }

    private static void Limit(PlotModel plot, LatencyLimit? limit, string text, OxyColor color)
    {
        if (limit is { } known)
        {
            plot.Annotations.Add(new LineAnnotation
            {
                Type = LineAnnotationType.Horizontal, Y = known.AtMost.TotalMilliseconds, Text = text, Color = color,
            });
        }
    }

    // As far as memory allows.
    private static IEnumerable<InferenceEstimate> Loads(Deployment on, Workload workload) =>
        s_requests.Select(requests => on.Speed(workload with { Requests = requests })).TakeWhile(e => e.Fits != false);
}
