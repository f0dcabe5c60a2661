using LlmMath.Basics;
using LlmMath.Engines;
using LlmMath.Training.Rollouts;
using LlmMath.Training.Steps;

namespace LlmMath.Training;

/// <summary>A step and what it is made of.</summary>
/// <param name="Seconds">The step, as expected.</param>
/// <param name="Low">Its low ÷ its expected time.</param>
/// <param name="High">Its high ÷ its expected time.</param>
/// <param name="Tokens">Tokens of a step.</param>
/// <param name="Phases">Its parts.</param>
internal readonly record struct StepParts(double Seconds, double Low, double High, double Tokens, ValueList<StepPhase> Phases)
{
    /// <summary>A time of so many seconds, with the step's range.</summary>
    public TimeRange Range(double seconds) => TimeRange.Of(seconds, new(Low, High));

    /// <summary>Of a step that updates once.</summary>
    public static StepParts Of(in StepTime time, double tokensOfGpu, double passes, double tokens, Spread spread)
    {
        StepPhase Phase(string name, double seconds) => Of(name, seconds, spread);
        return new((time.Total * tokensOfGpu) + passes, spread.Low, spread.High, tokens,
        [
            Phase("matrix products", time.Matrices * tokensOfGpu), Phase("attention", time.Attention * tokensOfGpu),
            Phase("launches", time.Launches * tokensOfGpu), Phase("communication", time.Communication * tokensOfGpu),
            .. time.Unpacking > 0 ? [Phase("unpacking weights", time.Unpacking * tokensOfGpu)] : Array.Empty<StepPhase>(),
            Phase("waiting stages", time.Waiting * tokensOfGpu),
            .. time.Host > 0 ? [Phase("host memory", time.Host * tokensOfGpu)] : Array.Empty<StepPhase>(),
            .. passes > 0 ? [Phase("passes without a way back", passes)] : Array.Empty<StepPhase>(),
        ]);
    }

    /// <summary>
    /// Of a step of reinforcement learning: in turn, the sum of its phases; with answers written ahead, the longer of writing and
    /// training. Only what waits for answers then adds to training.
    /// </summary>
    public static StepParts Of(in ReinforcedStep step, RolloutMode mode)
    {
        (double writing, double training, Spread spread) = (step.Rollout, step.Training, ReinforcedStep.Spread);
        bool ahead = mode is RolloutMode.OneStepOff or RolloutMode.Asynchronous;
        (string Name, double Seconds)[] phases =
        [
            ("rollout", writing), ("policy log-probabilities", step.PolicyPass),
            ("reference log-probabilities", step.ReferencePass), ("values", step.Values), ("rewards", step.Rewards),
            ("update", step.Update), ("critic update", step.CriticUpdate), ("weight transfer", step.Transfer),
            ("waiting for answers", ahead ? Math.Max(0, writing - training) : 0),
        ];
        double seconds = step.Transfer + (ahead ? Math.Max(writing, training) : writing + training);
        return new(seconds, spread.Low, spread.High, step.Tokens,
            [.. phases.Where(phase => phase.Seconds > 0).Select(phase => Of(phase.Name, phase.Seconds, spread))]);
    }

    private static StepPhase Of(string name, double seconds, Spread spread) =>
        new(name, seconds * 1e3) { Range = TimeRange.Of(seconds, spread) };
}
