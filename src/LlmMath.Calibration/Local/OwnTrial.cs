using LlmMath.Engines;
using LlmMath.Speed;
using LlmMath.Speed.Own;

namespace LlmMath.Calibration;

/// <summary>Which rows a person has measured, beside what is asked of him.</summary>
internal enum OwnKind
{
    /// <summary>Rows of one model in one format: he asks about other lengths.</summary>
    File,

    /// <summary>Any rows of his machine: he may ask about another model.</summary>
    Machine,
}

/// <summary>Rows of one machine, a few of them taken as its owner's, the others held out. The profile's times are those of a fit
/// that has not seen the row's model on its GPU; what rows have in common was found on the other half of the machines.</summary>
internal sealed class OwnTrial
{
    // Fewer rows of a machine leave nothing to hold out.
    private const int LeastRows = 6;

    private const int Draws = 12;

    private readonly (FittedRow Fitted, OwnTime Row, Spread Spread, string Machine)[] _rows;

    /// <summary>The rows of a metric.</summary>
    /// <param name="held">Rows held out.</param>
    /// <param name="metric">The metric.</param>
    /// <param name="found">What rows have in common, where it was found on others; null for what the other half of these
    /// has.</param>
    public OwnTrial(IEnumerable<FittedRow> held, Metric metric, OwnShares? found = null)
    {
        Metric = metric;
        _rows = [.. held.Where(p => p.Row.Metric == metric).Select(p => (p, RowOf(p), SpreadOf(p.Row), MachineOf(p.Row)))];
        Halves = found is { } shares ? [shares, shares] : [SharesOf(0), SharesOf(1)];
    }

    /// <summary>What was measured.</summary>
    public Metric Metric { get; }

    /// <summary>What rows have in common, as each half of the machines has it.</summary>
    public OwnShares[] Halves { get; }

    /// <summary>The same of all machines.</summary>
    public OwnShares Shares() => OwnFit.Of(Groups(_ => true));

    /// <summary>Errors of rows held out, a line for each group of rows.</summary>
    /// <param name="kind">Which rows are held out beside which.</param>
    /// <param name="count">How many are the owner's.</param>
    /// <param name="wrong">What the time of one of them is multiplied by or divided by, in turn; 1 where none is wrong.</param>
    public IReadOnlyList<OwnResult> Results(OwnKind kind, int count, double wrong = 1)
    {
        var random = new Random(17);
        var results = new List<OwnResult>();
        foreach (var group in _rows.GroupBy(row => (row.Machine, kind == OwnKind.File ? FileOf(row.Row) : ""))
            .OrderBy(g => g.Key.Machine, StringComparer.Ordinal).ThenBy(g => g.Key.Item2, StringComparer.Ordinal))
        {
            (FittedRow Fitted, OwnTime Row, Spread Spread, string)[] all = [.. group];
            if (all.Length < Math.Max(LeastRows, count + 2))
            {
                continue;
            }

            var asked = new List<OwnAnswer>();
            for (int draw = 0; draw < Draws; draw++)
            {
                random.Shuffle(all);
                OwnTime[] own = [.. all.Take(count).Select(row => row.Row)];
                own[0] = own[0] with { MeasuredMilliseconds = own[0].MeasuredMilliseconds * (draw % 2 == 0 ? wrong : 1 / wrong) };
                foreach (var spread in all.Skip(count).GroupBy(row => row.Spread))
                {
                    var learned = OwnPosterior.Of(own, Halves[1 - HalfOf(group.Key.Machine)], spread.Key);
                    asked.AddRange(spread.Select(row => new OwnAnswer(row.Fitted, learned.At(row.Row.Place), row.Spread)));
                }
            }

            results.Add(OwnResult.Of(group.Key.Machine, all.Length, asked));
        }

        return results;
    }

    // Rows of one machine, not too many of each, in units of their range.
    private List<(OwnPlace[] Places, double[] Values)> Groups(Func<string, bool> isOf)
    {
        var random = new Random(5);
        var groups = new List<(OwnPlace[], double[])>();
        foreach (var group in _rows.Where(row => isOf(row.Machine)).GroupBy(row => row.Machine)
            .OrderBy(g => g.Key, StringComparer.Ordinal).Where(g => g.Count() > 1))
        {
            var all = group.ToArray();
            random.Shuffle(all);
            all = [.. all.Take(16)];
            groups.Add(([.. all.Select(row => row.Row.Place)], [.. all.Select(row => Math.Clamp(
                Math.Log(row.Row.MeasuredMilliseconds / row.Row.ProfileMilliseconds) / OwnShares.Width(row.Spread), -3, 3))]));
        }

        return groups;
    }

    private OwnShares SharesOf(int half) => OwnFit.Of(Groups(machine => HalfOf(machine) == half));

    // The same on every computer.
    private static int HalfOf(string machine) => machine.Aggregate(17, (sum, sign) => unchecked((sum * 31) + sign)) & 1;

    private static string FileOf(OwnTime row) => $"{row.Place.Parameters} {row.Place.Weights} {row.Place.Layout}";

    private static string MachineOf(Observation row) => $"{row.Engine.Name} {row.Release}, {row.On.Model.Of.Placement.Gpus} × "
        + $"{row.Gpu.Name}{(row.Host is { } host ? " and " + host.Name : "")}";

    private static OwnTime RowOf(FittedRow p) => new()
    {
        Row = p.Row.Key,
        Time = p.Row.Metric switch
        {
            Metric.PrefillPass => MeasuredTime.Prompt,
            Metric.FirstToken => MeasuredTime.FirstToken,
            _ => MeasuredTime.BetweenTokens,
        },
        Gpu = p.Row.Gpu.Name,
        Model = p.Row.Model.Name,
        Place = OwnTimes.PlaceOf(p.Row.On.Model.Of, p.Row.Load, p.Row.Metric != Metric.InterToken),
        ProfileMilliseconds = 1e3 * p.Unseen,
        MeasuredMilliseconds = 1e3 * p.Row.Seconds,
    };

    private static Spread SpreadOf(Observation row)
    {
        var known = DeployedSpeed.Of(row.On.Model);
        return row.Metric == Metric.InterToken ? known.OfHardware.Inter : known.OfHardware.First;
    }
}

/// <summary>One question, answered by the profile and with rows of one's own.</summary>
/// <param name="Fitted">The row held out.</param>
/// <param name="Learned">The factor on the profile's time, and the range around it.</param>
/// <param name="Spread">The profile's range.</param>
internal sealed record OwnAnswer(FittedRow Fitted, (double Factor, Spread Range) Learned, Spread Spread)
{
    /// <summary>Measured ÷ the profile's time.</summary>
    public double Ratio => Fitted.Row.Seconds / Fitted.Unseen;
}

/// <summary>Errors of one machine's rows held out.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Before">Median error of the profile alone.</param>
/// <param name="After">Median error with rows of one's own.</param>
/// <param name="InsideBefore">Share in the profile's range.</param>
/// <param name="Inside">Share in the range with them.</param>
/// <param name="Width">Median of the range's logarithm ÷ that of the profile's.</param>
internal sealed record OwnResult(
    string Machine, int Rows, double Before, double After, double InsideBefore, double Inside, double Width)
{
    /// <summary>Of answers.</summary>
    public static OwnResult Of(string machine, int rows, IReadOnlyList<OwnAnswer> answers) => new(machine, rows,
        Quantile.Of(answers.Select(a => Math.Abs((1 / a.Ratio) - 1)), 0.5),
        Quantile.Of(answers.Select(a => Math.Abs((a.Learned.Factor / a.Ratio) - 1)), 0.5),
        answers.Average(a => IsIn(a.Ratio, 1, a.Spread)), answers.Average(a => IsIn(a.Ratio, a.Learned.Factor, a.Learned.Range)),
        Quantile.Of(answers.Select(a => OwnShares.Width(a.Learned.Range) / OwnShares.Width(a.Spread)), 0.5));

    private static double IsIn(double ratio, double factor, Spread range) =>
        ratio >= factor * range.Low && ratio <= factor * range.High ? 1 : 0;
}
