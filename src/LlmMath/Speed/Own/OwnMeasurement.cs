using LlmMath.Engines;
using LlmMath.Speed;
using LlmMath.Speed.Pass;
using LlmMath.Speed.Serving;

namespace LlmMath.Engines;

/// <summary>A time that somebody measured on his own machine.</summary>
/// <param name="Row">How errors and tables name it: <c>bench.jsonl, row 3</c>.</param>
/// <param name="Deployment">What was measured on what; without an engine, the one that is calibrated.</param>
/// <param name="Workload">What was asked: prompt, answer, requests at once.</param>
/// <param name="Time">Which time it is.</param>
/// <param name="Seconds">The time in seconds, above 0; of several runs the median or mean.</param>
public sealed record OwnMeasurement(
    string Row, Deployment Deployment, Workload Workload, MeasuredTime Time, double Seconds)
{
    /// <summary>Every member by its name, numbers as in every country.</summary>
    public override string ToString() => Basics.RecordText.Of(nameof(OwnMeasurement), PrintMembers);

    /// <summary>Seconds that constants give.</summary>
    internal static double Predict(MeasuredTime time, in DeployedModel on, EngineConstants constants, in ServingLoad load) =>
        time == MeasuredTime.Prompt ? ForwardPass.Prefill(on, constants, load.Prompt, load.Cached, load.PassTokens).Total
            : time == MeasuredTime.FirstToken ? ServingTime.Of(on, constants, load).FirstToken
            : ServingTime.Of(on, constants, load).InterToken;
}
