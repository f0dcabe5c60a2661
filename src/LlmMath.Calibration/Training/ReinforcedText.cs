using System.Globalization;
using LlmMath.Training;

namespace LlmMath.Calibration;

/// <summary>Prints every measured step of reinforcement learning beside its estimate, phase by phase.</summary>
internal static class ReinforcedText
{
    /// <summary>A line a run and phase, then a line a set.</summary>
    public static string Rows(IReadOnlyList<ReinforcedRow> rows) => string.Concat(rows.Select(Lines))
        + string.Concat(rows.GroupBy(row => row.Set).Select(Summary)) + Fit(rows);

    private static string Fit(IReadOnlyList<ReinforcedRow> rows)
    {
        var steps = ReinforcedFit.StepsOf(rows);
        (double writing, double training) = ReinforcedFit.Of(steps);
        double[] unseen = ReinforcedFit.LeftOut(steps), errors = [.. unseen.Select(one => Math.Abs(one - 1))];
        double[] measured = [.. unseen.Select(one => 1 / one)];
        return string.Create(CultureInfo.InvariantCulture, $"fit of {steps.Count} steps: writing {writing}, training {training}; "
            + $"models left out: median {Quantile.Of(errors, 0.5):0.0 %}, 90 % {Quantile.Of(errors, 0.9):0.0 %}; measured ÷ "
            + $"estimated from {Quantile.Of(measured, 0.1):0.00} to {Quantile.Of(measured, 0.9):0.00}\n");
    }

    private static string Lines(ReinforcedRow row)
    {
        TokenLengths answer = row.Run.Rollout!.Completion;
        return string.Create(CultureInfo.InvariantCulture, $"{row.Set} {row.Name}: {row.On.Model} on {row.On.Placement.Gpus} × "
            + $"{row.On.Gpu}, {row.Run.Rollout.Mode}, answers of {answer.Mean:0} (limit {answer.Limit})\n")
            + string.Concat(row.Measured.Select(phase => string.Create(CultureInfo.InvariantCulture,
                $"  {phase.Key}: {phase.Value:0.0} s measured, {row.Estimate(phase.Key):0.0} estimated\n")))
            + "    " + string.Join(", ", row.On.Training(row.Run).Speed!.Phases.Select(phase => string.Create(
                CultureInfo.InvariantCulture, $"{phase.Name} {phase.Milliseconds / 1e3:0.0}"))) + "\n";
    }

    private static string Summary(IGrouping<string, ReinforcedRow> set)
    {
        (double Error, bool Within)[] steps = [.. set.SelectMany(row => row.Measured.Keys
            .Where(phase => phase is "step" or "whole")
            .Select(phase => (Math.Abs((row.Estimate(phase) / row.Measured[phase]) - 1), row.IsWithin(phase))))];
        double[] errors = [.. steps.Select(step => step.Error)];
        return string.Create(CultureInfo.InvariantCulture, $"== {set.Key}: {errors.Length} steps, median "
            + $"{Quantile.Of(errors, 0.5):0.0 %}, 90 % {Quantile.Of(errors, 0.9):0.0 %}, "
            + $"{steps.Count(step => step.Within)} within their range\n");
    }
}
