using System.Globalization;
using System.Text;

namespace LlmMath.Calibration;

/// <summary>
/// What drafted tokens cost and yield beyond what kernels say, on rows whose prompts were random tokens: the share of accepted
/// drafts that is left of those of coding prompts, after short and after long answers, and the host's time for each sequence
/// where an engine stops scheduling ahead. The least mean of |ln(estimate ÷ measured)| between tokens, each campaign counting as
/// much as another; found one after the other on a grid, until none moves.
/// </summary>
/// <param name="Short">The share after <see cref="ShortAnswer"/> tokens.</param>
/// <param name="Long">The share after <see cref="LongAnswer"/>.</param>
/// <param name="SequenceMicroseconds">The host's time.</param>
internal sealed record DraftFit(double Short, double Long, double SequenceMicroseconds)
{
    /// <summary>Lengths of the answers that were measured.</summary>
    public const int ShortAnswer = 1024, LongAnswer = 8192;

    private static readonly double[] s_shares = [.. Enumerable.Range(6, 35).Select(i => i / 40.0)];
    private static readonly double[] s_microseconds = [.. Enumerable.Range(0, 31).Select(i => i * 10.0)];

    /// <summary>What the catalog holds.</summary>
    public static DraftFit InCatalog => new(AcceptanceCatalog.All.ShareOfRandomText(ShortAnswer),
        AcceptanceCatalog.All.ShareOfRandomText(LongAnswer), EngineCatalog.Sglang.Speed!.DraftedSequenceMicroseconds ?? 0);

    /// <summary>Fits to some rows.</summary>
    public static DraftFit Of(IReadOnlyList<SpeculationRow> rows)
    {
        DraftFit best = new(0.5, 0.5, 0), last;
        do
        {
            last = best;
            best = s_shares.Select(share => best with { Short = share }).MinBy(fit => fit.Error(rows))!;
            best = s_shares.Select(share => best with { Long = share }).MinBy(fit => fit.Error(rows))!;
            best = s_microseconds.Select(each => best with { SequenceMicroseconds = each }).MinBy(fit => fit.Error(rows))!;
        }
        while (best != last);

        return best;
    }

    /// <summary>The fit of all rows, and of each half of the campaigns with the other half's errors.</summary>
    public static string Text(IReadOnlyList<SpeculationRow> rows)
    {
        (string Engine, string Model, string Gpu)[] groups = [.. rows.Select(row => row.Group).Distinct().Order()];
        SpeculationRow[][] halves =
        [
            .. Enumerable.Range(0, 2).Select(half =>
                rows.Where(row => Array.IndexOf(groups, row.Group) % 2 == half).ToArray()),
        ];
        var text = new StringBuilder();
        Line("all", Of(rows), rows);
        Line("first half, tried on the second", Of(halves[0]), halves[1]);
        Line("second half, tried on the first", Of(halves[1]), halves[0]);
        return text.ToString();

        void Line(string of, DraftFit fit, IReadOnlyList<SpeculationRow> tried)
        {
            var found = Statistics.Of(tried.Select(row => (fit.SecondsOf(row), row.InterToken, 1)));
            text.Append(CultureInfo.InvariantCulture, $"{of}: shares {fit.Short:0.000} and {fit.Long:0.000}, "
                + $"{fit.SequenceMicroseconds:0} µs a sequence; {tried.Count} rows between tokens: median error "
                + $"{found.Median:P1}, 90th percentile {found.Ninety:P1}, signed {found.Signed:P0}\n");
        }
    }

    /// <summary>The constants in words.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Short:P0} of the accepted drafts left after {ShortAnswer:N0} tokens, {Long:P1} after {LongAnswer:N0}, and in SGLang "
            + $"{SequenceMicroseconds:0} µs of the host for each sequence and step");

    private double Error(IReadOnlyList<SpeculationRow> rows) => rows.GroupBy(row => row.Group)
        .Average(campaign => campaign.Average(row => Math.Abs(Math.Log(SecondsOf(row) / row.InterToken))));

    /// <summary>The seconds between a row's tokens that it gives; of engines that schedule ahead with drafts too, the host's time
    /// is none.</summary>
    public double SecondsOf(SpeculationRow row)
    {
        double place = Math.Clamp(Math.Log((double)row.Workload.OutputTokens / ShortAnswer)
            / Math.Log((double)LongAnswer / ShortAnswer), 0, 1);
        Engine engine = row.Deployment.Engine!;
        SpeculationRow tried = engine.Speed!.DraftedSequenceMicroseconds is null ? row : row with
        {
            Deployment = row.Deployment with
            {
                Engine = engine with { Speed = engine.Speed with { DraftedSequenceMicroseconds = SequenceMicroseconds } },
            },
        };
        return tried.Estimate(Short + (place * (Long - Short))).InterTokenLatency.Expected.TotalSeconds;
    }
}
