using LlmMath.Engines;
using LlmMath.Speed;

namespace LlmMath.Calibration;

/// <summary>How far a row lies from an estimate that has not seen it, as the range's exponent that would just hold it.</summary>
/// <param name="Fitted">The row.</param>
/// <param name="Part">What was left out.</param>
/// <param name="Basis">What the estimate rests on without it.</param>
/// <param name="Needed">The exponent that the range's factors would need.</param>
internal sealed record Residual(FittedRow Fitted, LeftOut Part, Basis Basis, double Needed)
{
    // A side of a range that is nearly none says nothing of how wide the other is.
    private const double LeastLog = 0.02;

    /// <summary>Whether it is of a time to the first token, or of reading a prompt.</summary>
    public bool IsFirst => Fitted.Row.Metric is Metric.FirstToken or Metric.PrefillPass;

    /// <summary>What its errors come with: rows of one model on one GPU share what no constant tells.</summary>
    public (string, ModelOnGpu, Metric) Campaign => (Fitted.Row.Engine.Name, Fitted.Row.Group, Fitted.Row.Metric);

    /// <summary>How much it counts: rows of one campaign as their square root together.</summary>
    public double Weight { get; private init; } = 1;

    /// <summary>Those of a pool's rows, whatever was left out, the least first.</summary>
    public static Residual[] Of(IReadOnlyList<FittedRow> rows)
    {
        var all = new List<Residual>();
        foreach (LeftOut part in LeftOut.All)
        {
            (Basis Basis, bool KnowsVendor)[] bases = UnseenBasis.Of(rows, part);
            for (int i = 0; i < rows.Count; i++)
            {
                if (part.Predicted(rows[i]) is { } predicted)
                {
                    all.Add(new(rows[i], part, bases[i].Basis, NeededOf(rows[i].Row, predicted, bases[i])));
                }
            }
        }

        Dictionary<(LeftOut, (string, ModelOnGpu, Metric)), int> counts = all.CountBy(r => (r.Part, r.Campaign)).ToDictionary();
        return [.. all.Select(r => r with { Weight = 1 / Math.Sqrt(counts[(r.Part, r.Campaign)]) }).OrderBy(r => r.Needed)];
    }

    // |ln(measured ÷ predicted)|² = (e · ln factor)² + (ln of what comes on top)², for e.
    private static double NeededOf(Observation row, double predicted, (Basis Basis, bool KnowsVendor) rests)
    {
        bool isFirst = row.Metric is Metric.FirstToken or Metric.PrefillPass;
        EngineSpeed speed = row.Engine.KnownSpeed();
        EngineGeneration generation = row.On.Host is null || row.Gpu.IsProcessor ? EngineChoice.Of(speed, row.Gpu).Generation
            : speed.Generations.FirstOrDefault(other => other.Architecture == EngineBackend.BesideGpu)
                ?? EngineChoice.OfHost(speed, row.Host);
        Spread spread = isFirst ? generation.FirstToken : generation.InterToken;
        double beside = rests is { Basis: Basis.Extrapolated, KnowsVendor: false }
            ? Math.Log(isFirst ? EngineChoice.OtherVendorPrompt : EngineChoice.OtherVendorToken) : 0;
        return Exponent(row.Seconds, predicted, spread, beside);
    }

    /// <summary>The exponent that a range's factors need to hold what was measured.</summary>
    public static double Exponent(double measured, double predicted, Spread spread, double beside = 0)
    {
        double log = Math.Log(measured / predicted);
        double side = Math.Max(LeastLog, Math.Abs(Math.Log(log < 0 ? spread.Low : spread.High)));
        return Math.Sqrt(Math.Max(0, (log * log) - (beside * beside))) / side;
    }
}
