using LlmMath.Engines;
using LlmMath.Placement;
using LlmMath.Speed.Own;
using LlmMath.Speed.Pass;
using LlmMath.Speed.Serving;
using static System.FormattableString;

namespace LlmMath.Speed;

/// <summary>Writes an estimate's working: the parts of each pass as they were added, and how serving is made of passes.</summary>
internal sealed class SpeedDerivation
{
    private readonly List<SpeedLine> _lines = [];

    private SpeedDerivation()
    {
    }

    /// <summary>The working of an estimate.</summary>
    public static ValueList<SpeedLine> Of(in InferenceEstimate e)
    {
        PlacedModel model = e.Deployment.Placed;
        var known = DeployedSpeed.Of(model);
        var load = ServingLoad.Of(model, e.Workload);
        var working = new ServingWorking();
        ServingTime time = known.TimeOf(load, working).Time;
        var derivation = new SpeedDerivation();
        foreach ((string pass, PassParts parts, double seconds) in working.Passes)
        {
            derivation.Pass(pass, parts, seconds);
        }

        foreach (SpeedLine line in working.Lines)
        {
            derivation._lines.Add(line);
        }

        derivation.Measured(known, time, ServingTime.Of(known.On, known.Constants, load));
        derivation._lines.Add(new("total", Invariant($"first token + {e.Workload.OutputTokens - 1} × between tokens"),
            time.FirstToken + ((e.Workload.OutputTokens - 1) * time.InterToken)));
        return [.. derivation._lines];
    }

    // What was measured on one's own machine moves both times.
    private void Measured(DeployedSpeed known, in ServingTime time, in ServingTime profile)
    {
        if (known.Own is { } own)
        {
            Line("first token", own.Prompts, time.FirstToken, profile.FirstToken);
            Line("between tokens", own.BetweenTokens, time.InterToken, profile.InterToken);
        }

        void Line(string term, OwnPosterior? learned, double now, double before)
        {
            if (learned is { Weights.Length: var rows })
            {
                _lines.Add(new($"{term}, by your rows",
                    Invariant($"{term} × {now / before:0.###}, of {rows} row{(rows == 1 ? "" : "s")}"), now));
            }
        }
    }

    private void Pass(string pass, PassParts parts, double seconds)
    {
        foreach (PassPart part in parts.All)
        {
            _lines.Add(new($"{pass}: {part.Term}", part.Formula, part.Seconds));
        }

        _lines.Add(new($"{pass}: pass", "the sum of these", seconds));
    }
}
