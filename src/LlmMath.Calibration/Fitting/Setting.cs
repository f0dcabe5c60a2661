using LlmMath.Engines;
using LlmMath.Speed.Serving;

namespace LlmMath.Calibration;

/// <summary>What was measured at once of one setting: one evaluation gives all of its times.</summary>
/// <param name="Rows">The observations, with how much each counts.</param>
/// <param name="Levels">The numbers of its levels.</param>
/// <param name="Kind">The number that all settings with these levels share.</param>
internal sealed record Setting(CountedRow[] Rows, int[] Levels, int Kind)
{
    /// <summary>The time of each row, from constants that may vary.</summary>
    public void Predict(EngineConstants constants, double[] seconds)
    {
        Observation first = Rows[0].Row;
        var time = ServingTime.Of(first.On, constants, first.Load);
        for (int r = 0; r < Rows.Length; r++)
        {
            Observation row = Rows[r].Row;
            seconds[r] = row.Metric is Metric.FirstToken or Metric.InterToken ? row.Read(time) : row.Predict(constants);
        }
    }
}

/// <summary>A row in a fit.</summary>
/// <param name="Row">What was measured.</param>
/// <param name="Scale">The error, as a logarithm, that is usual: larger ones count less and less.</param>
/// <param name="Weight">How much it counts; 0 leaves it out.</param>
internal readonly record struct CountedRow(Observation Row, double Scale, double Weight)
{
    /// <summary>weight · ρ(ln(predicted ÷ measured) ÷ scale) with ρ(u) = |u| − ln(1 + |u|), which grows as |u| for
    /// outliers.</summary>
    public double Cost(double predicted)
    {
        double u = Math.Abs(Math.Log(predicted / Row.Seconds) / Scale);
        return Weight * (u - Math.Log(1 + u));
    }
}
