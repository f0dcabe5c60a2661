using LlmMath.Engines;

namespace LlmMath.Calibration;

/// <summary>A fit: of each level the logarithms of its factors. A constant is its prior's center times the factors of all levels
/// that it is asked for.</summary>
/// <param name="Priors">The priors that it was fitted with.</param>
/// <param name="Logs">By level, in the order of <see cref="EngineConstant.All"/>.</param>
internal sealed record Factors(PriorTable Priors, IReadOnlyDictionary<Level, double[]> Logs)
{
    /// <summary>Before any row is seen.</summary>
    public static Factors None(PriorTable priors) => new(priors, new Dictionary<Level, double[]>());

    /// <summary>The constants, in the units of <see cref="EngineConstant.All"/>, of an engine on what is named of a place; what
    /// was not seen adds nothing.</summary>
    public double[] ConstantsOf(string engine, Place place)
    {
        double[] values = new double[EngineConstant.All.Count];
        Level[] levels = [.. Level.Of(engine, place)];
        for (int i = 0; i < values.Length; i++)
        {
            double log = 0;
            foreach (Level level in levels)
            {
                log += Logs.TryGetValue(level, out double[]? factors) ? factors[i] : 0;
            }

            values[i] = Priors.Priors[i].Center * Math.Exp(log);
        }

        return values;
    }

    /// <summary>The time that the fit gives for an observation.</summary>
    public double Predict(Observation row)
    {
        double[] seconds = ConstantsOf(row.Engine.Name, row.Place);
        for (int i = 0; i < seconds.Length; i++)
        {
            seconds[i] *= EngineConstant.All[i].Unit;
        }

        return row.Predict(EngineConstants.Over(seconds));
    }
}
