using LlmMath.Training;

namespace LlmMath.Calibration;

/// <summary>A measured step of reinforcement learning, and the seconds of its halves without factors.</summary>
/// <param name="Row">The run.</param>
/// <param name="Seconds">The step as measured.</param>
/// <param name="Writing">Writing answers as if they were served.</param>
/// <param name="Training">Passes and updates as of texts.</param>
/// <param name="Transfer">What has no factor.</param>
internal sealed record ReinforcedHalves(ReinforcedRow Row, double Seconds, double Writing, double Training, double Transfer);

/// <summary>Finds the two factors of <c>ReinforcedStep</c> by the least sum of absolute logarithmic errors, each cut at
/// 1.</summary>
internal static class ReinforcedFit
{
    // The factors that stand in the library, which the halves are divided by.
    private const double Writing = LlmMath.Training.Rollouts.ReinforcedStep.WritingFactor;

    private const double Training = LlmMath.Training.Rollouts.ReinforcedStep.TrainingFactor;

    private static readonly double[] s_tried = [1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2, 2.1, 2.2, 2.3, 2.4, 2.5, 3];

    /// <summary>The steps that are fitted: those whose lengths are printed.</summary>
    public static IReadOnlyList<ReinforcedHalves> StepsOf(IReadOnlyList<ReinforcedRow> rows) =>
        [.. rows.Where(row => row.Set is "check" or "stand-in").Select(Of)];

    /// <summary>The best factors.</summary>
    public static (double Writing, double Training) Of(IReadOnlyList<ReinforcedHalves> steps) => s_tried
        .SelectMany(writing => s_tried.Select(training => (Writing: writing, Training: training)))
        .MinBy(factors => steps.Sum(step => Math.Min(1, Math.Abs(Math.Log(Estimate(step, factors) / step.Seconds)))));

    /// <summary>Estimated ÷ measured time of each step by factors that have not seen its model.</summary>
    public static double[] LeftOut(IReadOnlyList<ReinforcedHalves> steps)
    {
        var fits = steps.Select(step => step.Row.On.Model.Name).Distinct().ToDictionary(name => name,
            name => Of([.. steps.Where(step => step.Row.On.Model.Name != name)]));
        return [.. steps.Select(step => Estimate(step, fits[step.Row.On.Model.Name]) / step.Seconds)];
    }

    private static double Estimate(ReinforcedHalves step, (double Writing, double Training) factors)
    {
        (double writing, double training) = (step.Writing * factors.Writing, step.Training * factors.Training);
        return step.Transfer + (step.Row.Run.Rollout!.Mode == RolloutMode.Colocated ? writing + training
            : Math.Max(writing, training));
    }

    private static ReinforcedHalves Of(ReinforcedRow row)
    {
        TrainingSpeed speed = row.On.Training(row.Run).Speed!;
        double Sum(Func<string, bool> of) =>
            speed.Phases.Where(phase => of(phase.Name)).Sum(phase => phase.Milliseconds) / 1e3;
        double steps = row.Measured.ContainsKey("whole") ? Math.Ceiling(row.Run.Tokens / speed.StepTokens) : 1;
        return new(row, row.Measured.Values.First() / steps, Sum(name => name == "rollout") / Writing,
            Sum(name => name is not ("rollout" or "weight transfer" or "waiting for answers")) / Training,
            Sum(name => name == "weight transfer"));
    }
}
